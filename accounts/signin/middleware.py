"""When and from where a session was last used, noted every few minutes: not every page is worth a write."""

import time
from collections.abc import Callable

from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponse

from accounts.signin.records import SEEN_AT

NOTED_EVERY = 300  # seconds


class LastSeenMiddleware:
    """For sessions that came in by signing in; the mark is set there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        seen_at = request.session.get(SEEN_AT)
        if seen_at is not None and time.time() - seen_at > NOTED_EVERY and request.user.is_authenticated:
            request.session[SEEN_AT] = time.time()
            UserSession.objects.create_from_request(request)
        return self.get_response(request)
