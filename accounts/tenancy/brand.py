"""A workspace's one colour on public pages. The look keeps it readable; here it is only parsed and measured."""

import re

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.tenancy.models import Workspace

_COLOUR = re.compile(r"#?([0-9a-f]{6})", re.IGNORECASE)
# From this OKLCH lightness on a colour carries ink instead of white.
_BRIGHT_FROM = 0.72


def context(workspace: Workspace) -> dict[str, object]:
    """What `public.html` needs beside the workspace: the address of its colour, and whether the colour is bright."""
    found = _COLOUR.fullmatch(workspace.brand_color)
    if found is None:
        return {"brand_css_url": "", "brand_is_bright": False}
    digits = found[1].lower()
    return {"brand_css_url": reverse("brand-css", args=[digits]), "brand_is_bright": is_bright(digits)}


def is_bright(digits: str) -> bool:
    """Whether the colour `rrggbb` has an OKLCH lightness of 0.72 or more: yellow, lime, sky."""
    red, green, blue = (_linear(int(digits[at : at + 2], 16) / 255) for at in (0, 2, 4))
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    middle = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return 0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short >= _BRIGHT_FROM


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


@require_safe
def stylesheet(request: HttpRequest, digits: str) -> HttpResponse:
    """`/brand/<rrggbb>.css`: parsed as a colour, never echoed, kept by browsers for a year."""
    found = _COLOUR.fullmatch(digits)
    if found is None:
        raise Http404
    css = f":root {{ --brand: #{int(found[1], 16):06x}; }}\n"
    return HttpResponse(css, content_type="text/css", headers={"Cache-Control": "public, max-age=31536000, immutable"})
