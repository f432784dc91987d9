"""/hooks/mail/<token>, /hooks/inbound/<token>: where mail providers report, and hand in mail."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.mail import bounces, capture, hooks

logger = logging.getLogger(__name__)


# The token, and the provider's signature where it has one, are the proof.
@csrf_exempt
@never_cache
@require_http_methods(["HEAD", "POST"])
def mail_hook(request: HttpRequest, token: str) -> HttpResponse:
    """Take in a provider's reports. What speaks of no mail of ours is answered like the rest, and dropped."""
    return _answer(request, token, _take_reports)


@csrf_exempt
@never_cache
@require_http_methods(["HEAD", "POST"])
def inbound_hook(request: HttpRequest, token: str) -> HttpResponse:
    """Take in mail to capture addresses. What is meant for nobody is answered like the rest, and dropped."""
    return _answer(request, token, _take_copies)


def _answer(request: HttpRequest, token: str, take: Callable[[hooks.Source, HttpRequest], None]) -> HttpResponse:
    try:
        source = hooks.source_of(token)
        if request.method == "HEAD":  # some try the address when it is entered
            return HttpResponse()
        take(source, request)
    except hooks.NoSuchHook as error:
        raise Http404 from error
    except hooks.Forged:
        return HttpResponse("The signature is wrong.", status=403, content_type="text/plain")
    except hooks.Unreadable as error:
        logger.warning("What a mail provider handed in could not be read: %s", error)
        return HttpResponse("This is not a report.", status=400, content_type="text/plain")
    return HttpResponse()


def _take_reports(source: hooks.Source, request: HttpRequest) -> None:
    now = timezone.now()
    for report in hooks.reports(source, request):
        bounces.take_in(source=source, report=report, now=now)


def _take_copies(source: hooks.Source, request: HttpRequest) -> None:
    if not settings.INBOUND_DOMAIN:
        raise hooks.NoSuchHook
    now = timezone.now()
    for copy in hooks.copies(source, request):
        capture.take_in(copy=copy, workspace=source.workspace, now=now)
