"""/hooks/mail/<token>: where mail providers report."""

import logging

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.mail import bounces, hooks

logger = logging.getLogger(__name__)


# The token, and the provider's signature where it has one, are the proof.
@csrf_exempt
@never_cache
@require_http_methods(["HEAD", "POST"])
def mail_hook(request: HttpRequest, token: str) -> HttpResponse:
    """Take in a provider's reports. What speaks of no mail of ours is answered like the rest, and dropped."""
    try:
        source = hooks.source_of(token)
        if request.method == "HEAD":  # some try the address when it is entered
            return HttpResponse()
        reports = hooks.reports(source, request)
    except hooks.NoSuchHook as error:
        raise Http404 from error
    except hooks.Forged:
        return HttpResponse("The signature is wrong.", status=403, content_type="text/plain")
    except hooks.Unreadable as error:
        logger.warning("A report of a mail provider could not be read: %s", error)
        return HttpResponse("This is not a report.", status=400, content_type="text/plain")
    now = timezone.now()
    for report in reports:
        bounces.take_in(source=source, report=report, now=now)
    return HttpResponse()
