"""What other mail servers look up before they believe a mail of ours: SPF (RFC 7208), DKIM (6376), DMARC (7489)."""

from collections.abc import Iterable, Iterator
from email.utils import parseaddr

import dns.exception
import dns.resolver
from django.conf import settings

from accounts.operations.findings import Finding, ok, unknown, warning, wrong

_LIFETIME_S = 5
# What the usual providers call their keys.
USUAL_SELECTORS = (
    *("default", "mail", "dkim", "google", "selector1", "selector2", "k1", "k2", "s1", "s2", "mx", "key1"),
    *("pm", "resend", "brevo1", "mandrill", "smtp", "mailjet", "fm1", "protonmail", "zoho", "postal"),
)


class Silence(Exception):
    """The name server does not answer."""


def check(selectors: Iterable[str] = ()) -> Iterator[Finding]:
    """About the domain of DEFAULT_FROM_EMAIL; `selectors` are the names of its DKIM keys, where known."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2].lower()
    if not settings.EMAIL_URL:
        yield ok("No mail leaves this machine, so no name server has to vouch for it.")
        return
    if "." not in domain:
        yield wrong(
            f"Nobody believes a sender at “{domain}”.", "Set DEFAULT_FROM_EMAIL to an address of a domain of yours."
        )
        return
    try:
        yield _spf(domain)
        yield _dkim(domain, list(selectors))
        yield _dmarc(domain)
    except Silence as error:
        yield unknown(f"The name servers cannot be asked about {domain}: {error}", "Is there a network here?")


def _spf(domain: str) -> Finding:
    found = [text for text in _texts(domain) if text.lower().split(" ")[0] == "v=spf1"]
    if not found:
        return wrong(
            f"{domain} does not say who may send its mail (SPF).",
            f"Add a TXT record at {domain}, such as “v=spf1 include:YOUR-MAIL-PROVIDER -all”.",
        )
    if len(found) > 1:
        return wrong(
            f"{domain} has {len(found)} SPF records, which counts as none.",
            "Make one of them that names all.",
        )
    if "+all" in found[0].lower().split() or "all" in found[0].lower().split():
        return wrong(f"The SPF record of {domain} lets everybody send in its name.", "End it with -all or ~all.")
    return ok(f"{domain} says who may send its mail: {found[0]}")


def _dkim(domain: str, selectors: list[str]) -> Finding:
    for selector in selectors or USUAL_SELECTORS:
        name = f"{selector}._domainkey.{domain}"
        for text in _texts(name):
            tags = _tags(text)
            if tags.get("p"):
                return ok(f"{domain} has a key for signing its mail (DKIM): {selector}.")
            if "p" in tags:
                return wrong(f"The DKIM key {name} was withdrawn.", "Sign with another one, or publish it again.")
    if selectors:
        return wrong(
            f"{domain} has no DKIM key named {' or '.join(selectors)}.", "Publish the record your mail provider shows."
        )
    return unknown(
        f"No DKIM key of {domain} was found under the usual names.",
        "Look up its name at your mail provider and say --dkim-selector NAME.",
    )


def _dmarc(domain: str) -> Finding:
    labels = domain.split(".")
    # The record of the nearest parent counts for a subdomain; top-level domains have none that would.
    for start in range(len(labels) - 1):
        parent = ".".join(labels[start:])
        found = [text for text in _texts(f"_dmarc.{parent}") if text.upper().startswith("V=DMARC1")]
        if len(found) > 1:
            return wrong(f"{parent} has {len(found)} DMARC records, which counts as none.", "Leave one of them.")
        if found:
            policy = _tags(found[0]).get("p", "")
            return ok(f"{parent} says what to do with false mail (DMARC): p={policy}.")
    return warning(
        f"{domain} does not say what to do with false mail (DMARC); large providers then trust it less.",
        f"Add a TXT record at _dmarc.{domain}: “v=DMARC1; p=none; rua=mailto:YOU@{domain}” is a start.",
    )


def _tags(text: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in text.split(";"))
    return {name.strip().lower(): value.strip() for name, _, value in pairs if name.strip()}


def _texts(name: str) -> list[str]:
    """The TXT records of a name. Raises Silence."""
    try:
        answer = dns.resolver.get_default_resolver().resolve(name, "TXT", lifetime=_LIFETIME_S)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    except (dns.exception.DNSException, OSError) as error:
        raise Silence(str(error)) from error
    return [b"".join(record.strings).decode(errors="replace") for record in answer]
