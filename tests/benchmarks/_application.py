"""The project as the server runs it, and beside it the bare views it is measured against.

`/bare` is the shortest way Django has: no middleware at all, one address. `/bare-post` is a DRF view behind the
project's own middleware, with the key check that every endpoint has and nothing else.
"""

import os
from collections.abc import Callable, Iterable
from typing import Any
from uuid import uuid4

import django
from django.core.handlers.wsgi import WSGIHandler
from django.test import override_settings
from django.urls import path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.db import transaction  # noqa: E402 -- needs the settings
from django.http import HttpRequest, HttpResponse  # noqa: E402 -- as above
from rest_framework.response import Response  # noqa: E402 -- as above
from rest_framework.views import APIView  # noqa: E402 -- as above

from config import celery, urls  # noqa: E402, F401 -- as above; wake-ups go to the app that is loaded here

# As long as the landing page, told by who starts the server.
_PAGE = b"x" * int(os.environ.get("BENCH_PAGE_BYTES", "0"))


def bare(request: HttpRequest) -> HttpResponse:
    """The least that sets the same cookie."""
    visitor = request.COOKIES.get("gw_visitor") or str(uuid4())
    response = HttpResponse(_PAGE)
    response.set_cookie("gw_visitor", visitor, max_age=90 * 86_400, httponly=True, samesite="Lax")
    return response


class BarePost(APIView):
    """Authentication, scope, rate limit, parser and renderer are the project's defaults."""

    write_scope = "feedback:write"

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        # The key's workspace is a setting of the transaction.
        with transaction.atomic():
            return super().dispatch(request, *args, **kwargs)

    def post(self, request: Any) -> Response:
        return Response({"fields": len(request.data)}, status=201)


urlpatterns = [path("bare", bare), path("bare-post", BarePost.as_view()), *urls.urlpatterns]
handler404, handler403, handler500 = urls.handler404, urls.handler403, urls.handler500

override_settings(ROOT_URLCONF=__name__).enable()
_project = WSGIHandler()
with override_settings(MIDDLEWARE=[]):
    _plain = WSGIHandler()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The WSGI application that the server is given."""
    handler = _plain if environ["PATH_INFO"] == "/bare" else _project
    return handler(environ, start_response)
