"""The short way to a landing page: before sessions, cookies for forms, sign-in and the table of addresses.

Request ids and security headers lie above it and are on every answer. The content security policy is the same for every
page, so it is written once. Nothing else below is needed: the page belongs to nobody who is signed in, and is built
from BASE_URL, never from the Host header.
"""

from collections.abc import Callable
from dataclasses import asdict

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from accounts.tenancy import framing
from referrals.landing.views import open_landing

_PATH = "/r/"


class LandingMiddleware:
    """Answers GET and HEAD of `/r/<code>`; all else goes on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        answer = framing.may_be_framed(HttpResponse())
        parts = CSPMiddleware(get_response).get_policy_parts(HttpRequest(), answer)
        self.policy = build_policy(**asdict(parts))

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        path = request.path_info
        if path.startswith(_PATH) and request.method in {"GET", "HEAD"} and "/" not in path[3:]:
            response = open_landing(request, path[3:])
            response.headers[HEADER] = self.policy
            return response
        return self.get_response(request)
