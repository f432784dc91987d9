"""`/components`: every piece our pages are made of, in every state, for whoever builds them."""

from datetime import timedelta

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.signin.sessions import Place

SWATCHES = (
    *("paper", "sheet", "sunk", "ink", "ink-2", "ink-3", "accent", "accent-tint", "moment", "moment-tint"),
    *("clay", "clay-tint", "danger", "danger-tint", "info", "stone"),
)


class _Mail(forms.Form):
    email = forms.EmailField(label="E-mail")


def _refused() -> forms.Form:
    """A form that came back: with an error beside its field, and one above all of them."""
    form = _Mail({"email": "alex@marlow"})
    form.add_error(None, "Somebody else changed this a moment ago. Look once more, then save.")
    return form


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
        "places": [
            Place(1, "Firefox on Linux", "203.0.113.7", now - timedelta(hours=2), now, True),
            Place(2, "Safari on iPhone", "2001:db8::7", now - timedelta(days=2), now - timedelta(hours=20), False),
        ],
        "refused": _refused(),
        "page": Paginator(range(120), 40).page(2),
    }
    return render(request, "components_gallery.html", context)
