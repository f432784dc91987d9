"""A click on a referral link against a bare Django view that sets the same cookie.

Both are asked through Django's WSGI handler in the same process, by eight threads at once as a server's are (so that
their commits share a flush of the disk), in rounds that take turns; the median of the rounds' ratios counts.
The bare view is reached by the shortest way Django has: no middleware at all, one address, a page of the same length, a
cookie made by `set_cookie`. The landing page has its request id, security headers and policy, finds the link, stores
the visit durably and shows the page.
"""

import io
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import path

_ROUNDS, _REQUESTS, _THREADS = 15, 400, 8
_AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/150.0 Safari/537.36"
_CODE = "jamie-bench"
_page = b""


def bare(request: HttpRequest) -> HttpResponse:
    """The least that sets the same cookie."""
    visitor = request.COOKIES.get("gw_visitor") or str(uuid4())
    response = HttpResponse(_page)
    response.set_cookie("gw_visitor", visitor, max_age=90 * 86_400, httponly=True, samesite="Lax")
    return response


urlpatterns = [path("bare", bare)]


def run() -> tuple[float, str]:
    """Clicks a second of the landing page over those of the bare view."""
    global _page
    _make_link()
    landing = WSGIHandler()
    status, _page = _ask(landing, f"/r/{_CODE}")
    if status != "200 OK":
        raise RuntimeError(f"The landing page answers {status}.")
    with override_settings(MIDDLEWARE=[], ROOT_URLCONF=__name__):
        plain = WSGIHandler()
        ratios, clicks = [], []
        with ThreadPoolExecutor(_THREADS) as threads:
            _seconds(threads, plain, "/bare")
            _seconds(threads, landing, f"/r/{_CODE}")
            for _ in range(_ROUNDS):
                bare_seconds = _seconds(threads, plain, "/bare")
                landing_seconds = _seconds(threads, landing, f"/r/{_CODE}")
                ratios.append(bare_seconds / landing_seconds)
                clicks.append(_REQUESTS / landing_seconds)
    speed = statistics.median(clicks)
    note = f"of a bare Django view, in-process WSGI, {_THREADS} threads, every visit flushed, {speed:.0f} clicks/s"
    return statistics.median(ratios), note


def _make_link() -> None:
    from accounts.tenancy.models import Workspace
    from accounts.tenancy.scope import workspace_scope
    from tests.factories import accounts as make
    from tests.factories.referrals import LinkFactory
    from tests.factories.rewards import RewardRuleFactory

    workspace: Workspace = make.WorkspaceFactory(slug="bench")
    with workspace_scope(workspace.pk):
        company = make.CompanyFactory(workspace=workspace)
        make.OutcomeFactory(company=company)
        RewardRuleFactory(workspace=workspace)
        LinkFactory(contact=make.ContactFactory(workspace=workspace, company=company), code=_CODE)


def _seconds(threads: ThreadPoolExecutor, handler: WSGIHandler, address: str) -> float:
    start = time.perf_counter()
    list(threads.map(lambda _: _ask(handler, address), range(_REQUESTS)))
    return time.perf_counter() - start


def _ask(handler: Callable, address: str) -> tuple[str, bytes]:
    """One GET as a server hands it over, read and closed as a server does."""
    answered: list[str] = []
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": address,
        "QUERY_STRING": "",
        "SCRIPT_NAME": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "127.0.0.1:8000",
        "HTTP_USER_AGENT": _AGENT,
        "HTTP_COOKIE": "gw_visitor=0d9ab4a2-8c8e-4a2e-9d0e-6f8a2a1f5c11",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    response = handler(environ, lambda status, headers: answered.append(status))
    body = b"".join(response)
    response.close()
    return answered[0], body
