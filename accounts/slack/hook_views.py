"""/hooks/slack/<token>: where Slack tells what was pressed."""

import logging

from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from accounts.slack import interactions
from accounts.slack.errors import Forged, NoSuchHook, Unreadable

logger = logging.getLogger(__name__)


# Slack's signature is the proof.
@csrf_exempt
@never_cache
@require_POST
def slack_hook(request: HttpRequest, token: str) -> HttpResponse:
    """Do what was pressed and answer at once; calls to Slack follow after the answer."""
    try:
        answer = interactions.take_in(token=token, headers=request.headers, body=request.body, now=timezone.now())
    except NoSuchHook as error:
        raise Http404 from error
    except Forged:
        return HttpResponse("The signature is wrong or too old.", status=403, content_type="text/plain")
    except Unreadable:
        return HttpResponse("This is not what Slack sends.", status=400, content_type="text/plain")
    except OperationalError:
        # A locked row: Slack shows the person that it did not work, and nothing has happened.
        logger.warning("A press in Slack met a locked row.", exc_info=True)
        return HttpResponse("Somebody else is at it. Try again.", status=503, content_type="text/plain")
    return JsonResponse(answer) if answer else HttpResponse()
