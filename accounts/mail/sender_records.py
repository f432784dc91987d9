"""What the world can look up about a domain that sends mail: SPF, DKIM, DMARC, and what to publish."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import dns.exception
import dns.resolver

_PATIENCE_S = 1.5
# What a provider asks its customers to include; others have pages of their own for that.
_INCLUDES = {
    "amazon-ses": "amazonses.com",
    "brevo": "spf.brevo.com",
    "mailersend": "_spf.mailersend.net",
    "mailgun": "mailgun.org",
    "mailjet": "spf.mailjet.com",
    "mandrill": "spf.mandrillapp.com",
    "postmark": "spf.mtasv.net",
    "sendgrid": "sendgrid.net",
}
_SELECTORS = {
    "brevo": ("brevo1", "mail"),
    "mailersend": ("mlsend2",),
    "mailgun": ("mx", "pic", "k1"),
    "mailjet": ("mailjet",),
    "mandrill": ("mte1", "mandrill"),
    "resend": ("resend",),
    "sendgrid": ("s1",),
}
_USUAL_SELECTORS = ("default", "google", "selector1", "mail", "dkim")


@dataclass(frozen=True, slots=True)
class Finding:
    """One record. `state` is good, missing or unknown; `publish` what to add to the domain, name and value."""

    record: str
    state: str
    words: str
    publish: str = ""


class _Silent(Exception):
    """Nobody answered."""


def resolver() -> Any:
    """Whom we ask; raises DNSException where the machine knows nobody."""
    return dns.resolver.Resolver()


def look_up(domain: str, provider: str = "") -> list[Finding]:
    """SPF, DKIM and DMARC of a domain that sends by this provider ("" for a mail server)."""
    try:
        asked = resolver()
        return [_spf(asked, domain, provider), _dkim(asked, domain, provider), _dmarc(asked, domain)]
    except (_Silent, dns.exception.DNSException):
        words = "We could not look: no name server answered. Try again in a while."
        return [Finding(record, "unknown", words) for record in ("SPF", "DKIM", "DMARC")]


def _spf(asked: Any, domain: str, provider: str) -> Finding:
    include = _INCLUDES.get(provider, "")
    found = [text for text in _texts(asked, domain) if text.lower().startswith("v=spf1")]
    wanted = f"{domain} TXT “v=spf1 {f'include:{include} ' if include else 'a mx '}~all”"
    if not found:
        return Finding("SPF", "missing", "Nobody is named who may send for this domain.", wanted)
    if len(found) > 1:
        return Finding("SPF", "missing", "There are two SPF records. Receivers believe neither; make them one.")
    if include and f"include:{include}" not in found[0].lower():
        return Finding("SPF", "missing", f"Your record does not name this provider: add include:{include}.")
    return Finding("SPF", "good", "The domain says who may send for it.")


def _dkim(asked: Any, domain: str, provider: str) -> Finding:
    for selector in _SELECTORS.get(provider, _USUAL_SELECTORS):
        if any("p=" in text for text in _texts(asked, f"{selector}._domainkey.{domain}")):
            return Finding("DKIM", "good", f"A key is published under “{selector}”.")
    words = "We found no key under the usual names. Your provider or mail server shows its own; publish that."
    return Finding("DKIM", "unknown", words)


def _dmarc(asked: Any, domain: str) -> Finding:
    if any(text.lower().startswith("v=dmarc1") for text in _texts(asked, f"_dmarc.{domain}")):
        return Finding("DMARC", "good", "The domain says what to do with mail that is not its own.")
    words = "Large mailboxes ask for this record. It changes nothing by itself; begin with p=none."
    return Finding("DMARC", "missing", words, f"_dmarc.{domain} TXT “v=DMARC1; p=none”")


def _texts(asked: Any, name: str) -> Sequence[str]:
    try:
        answer = asked.resolve(name, "TXT", lifetime=_PATIENCE_S)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    except dns.exception.DNSException as error:
        raise _Silent from error
    return [b"".join(row.strings).decode("utf-8", "replace") for row in answer]
