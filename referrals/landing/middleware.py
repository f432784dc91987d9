"""The short way to a landing page: before sessions, cookies for forms, sign-in and the table of addresses.

Request ids, security headers and the content security policy lie above it and are on every answer. Nothing below is
needed: the page belongs to nobody who is signed in, is built from BASE_URL and never from the Host header.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from referrals.landing.views import open_landing

_PATH = "/r/"


class LandingMiddleware:
    """Answers GET and HEAD of `/r/<code>`; all else goes on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        path = request.path_info
        if path.startswith(_PATH) and request.method in {"GET", "HEAD"} and "/" not in path[3:]:
            return open_landing(request, path[3:])
        return self.get_response(request)
