"""Who opens a link: a person with or without our cookie, or a machine. Pure functions over one request."""

import re
from functools import lru_cache
from uuid import UUID

from django.http import HttpRequest

COOKIE = "gw_visitor"
_DAY = 86_400
# Crawlers, link previews of messengers, mail scanners, monitors and programs; not the browsers inside LinkedIn or X.
_MACHINES = re.compile(
    r"(?<!cu)bot\b|crawl|spider|slurp|preview|scan(ner)?\b|monitor|fetch|archiver|facebookexternalhit|^whatsapp/"
    r"|slack-|embedly|vkshare|google-|apis-google|mediapartners"
    r"|proofpoint|mimecast|barracuda|safelinks|symantec|forcepoint|trendmicro|urldefense|virustotal"
    r"|headless|phantom|lighthouse|curl|wget|python|java/|okhttp|go-http|axios|libwww|perl|ruby|httpclient",
    re.IGNORECASE,
)


def visitor_of(request: HttpRequest) -> UUID | None:
    """The visitor of our cookie; None without one or with something else in it."""
    text = request.COOKIES.get(COOKIE, "")
    try:
        return UUID(text) if len(text) == 36 else None
    except ValueError:
        return None


def is_machine(request: HttpRequest) -> bool:
    """Whether no person is looking: HEAD, a fetch ahead of time, or a program by its own name."""
    meta = request.META
    if request.method == "HEAD":
        return True
    ahead = f"{meta.get('HTTP_SEC_PURPOSE', '')} {meta.get('HTTP_PURPOSE', '')} {meta.get('HTTP_X_MOZ', '')}".lower()
    if "prefetch" in ahead or "preview" in ahead or "prerender" in ahead:
        return True
    agent = meta.get("HTTP_USER_AGENT", "")
    return not agent or _calls_itself_a_machine(agent)


@lru_cache(maxsize=4_096)
def _calls_itself_a_machine(agent: str) -> bool:
    # Few browsers make most clicks, and the search costs as much as a small query.
    return _MACHINES.search(agent) is not None


def cookie(visitor: UUID, *, days: int, secure: bool) -> str:
    """The value of a Set-Cookie header: first-party, out of reach of scripts, kept for the attribution window."""
    return f"{COOKIE}={visitor}; Max-Age={days * _DAY}; Path=/; HttpOnly; SameSite=Lax{'; Secure' if secure else ''}"
