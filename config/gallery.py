"""`/components`: every piece our pages are made of, in every state, for whoever builds them."""

from datetime import timedelta

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

SWATCHES = (
    *("paper", "sheet", "sunk", "ink", "ink-2", "ink-3", "accent", "accent-tint", "moment", "moment-tint"),
    *("clay", "clay-tint", "danger", "danger-tint", "info", "stone"),
)


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """For signed-in staff, and for everybody where DEBUG is on; there is no such page for others."""
    if not (settings.DEBUG or (request.user.is_authenticated and request.user.is_staff)):
        raise Http404
    now = timezone.now()
    context = {
        "swatches": SWATCHES,
        "begun": (now - timedelta(hours=20)).isoformat(),
        "soon": (now + timedelta(hours=4)).isoformat(),
        "page": Paginator(range(120), 40).page(2),
    }
    return render(request, "components_gallery.html", context)
