"""/metrics, for the operator's Prometheus and nobody else."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from accounts.operations import metrics

_FORWARDED = ("X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Forwarded", "Via")


@require_safe
@never_cache
def show_metrics(request: HttpRequest) -> HttpResponse:
    """The figures as text; 401 for whoever is neither on this machine nor has the token."""
    if not (_has_token(request) or _is_from_here(request)):
        words = "Send the header Authorization: Bearer and the METRICS_TOKEN of this installation.\n"
        return HttpResponse(words, status=401, content_type="text/plain", headers={"WWW-Authenticate": "Bearer"})
    return HttpResponse(metrics.text(), content_type=CONTENT_TYPE_LATEST)


def _has_token(request: HttpRequest) -> bool:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    # An installation without a token has none that could be guessed.
    return bool(settings.METRICS_TOKEN) and scheme.lower() == "bearer" and _same(token.strip(), settings.METRICS_TOKEN)


def _same(one: str, other: str) -> bool:
    return constant_time_compare(one.encode(), other.encode())


def _is_from_here(request: HttpRequest) -> bool:
    """Whether the caller sits on this machine. Behind a proxy everybody seems to, so one that may be there counts."""
    may_be_proxied = settings.HTTPS or settings.ALLAUTH_TRUSTED_PROXY_COUNT
    if may_be_proxied or any(name in request.headers for name in _FORWARDED):
        return False
    try:
        address = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback
