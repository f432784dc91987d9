"""A workspace's one colour on public pages. The look keeps it readable; here it is only parsed and measured."""

import re
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.tenancy.colours import is_bright
from accounts.tenancy.models import Workspace

_COLOUR = re.compile(r"#?([0-9a-f]{6})", re.IGNORECASE)


def greeted(workspace: Workspace, contact: Any) -> str:
    """How a page addresses somebody, by the workspace's tone: "Jamie" or "Jamie Okafor"; empty for the nameless."""
    if workspace.tone == Workspace.Tone.FORMAL:
        return f"{contact.first_name} {contact.last_name}".strip()
    return str(contact.first_name)


def context(workspace: Workspace) -> dict[str, object]:
    """What `public.html` needs beside the workspace: the address of its colour, and whether the colour is bright."""
    found = _COLOUR.fullmatch(workspace.brand_color)
    if found is None:
        return {"brand_css_url": "", "brand_is_bright": False}
    digits = found[1].lower()
    return {"brand_css_url": reverse("brand-css", args=[digits]), "brand_is_bright": is_bright(digits)}


@require_safe
def stylesheet(request: HttpRequest, digits: str) -> HttpResponse:
    """`/brand/<rrggbb>.css`: parsed as a colour, never echoed, kept by browsers for a year."""
    found = _COLOUR.fullmatch(digits)
    if found is None:
        raise Http404
    css = f":root {{ --brand: #{int(found[1], 16):06x}; }}\n"
    return HttpResponse(css, content_type="text/css", headers={"Cache-Control": "public, max-age=31536000, immutable"})
