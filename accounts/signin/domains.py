"""Proving that a domain is the company's own: a line in its DNS. Without it anybody could sign in as anybody."""

import dns.exception
import dns.resolver

from accounts.tenancy.outgoing import refuse_inside_transaction

_PATIENCE = 5.0  # seconds


def records_of(domain: str) -> list[str]:
    """The TXT records of a domain; none where it has none or does not answer in time."""
    refuse_inside_transaction()
    try:
        answer = dns.resolver.resolve(f"{domain}.", "TXT", lifetime=_PATIENCE)
    except dns.exception.DNSException:
        return []
    return [b"".join(record.strings).decode("utf-8", "replace") for record in answer]
