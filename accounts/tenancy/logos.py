"""The picture on top of a workspace's public pages: read, kept, served."""

import hashlib
import re
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.tenancy import ids
from accounts.tenancy.errors import InvalidInput
from accounts.tenancy.models import Logo, Workspace
from accounts.tenancy.scope import workspace_scope

# A public page weighs under 100 kB in all.
LARGEST = 60_000
_KINDS = {
    "png": ("image/png", re.compile(rb"\x89PNG\r\n\x1a\n")),
    "jpg": ("image/jpeg", re.compile(rb"\xff\xd8\xff")),
    "webp": ("image/webp", re.compile(rb"RIFF....WEBP", re.DOTALL)),
    "svg": (
        "image/svg+xml",
        re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*<svg[\s>]", re.DOTALL),
    ),
}
# Opened by itself an SVG is a document: it may show itself and do nothing.
_HARMLESS = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@dataclass(frozen=True, slots=True)
class Picture:
    """`name` is made from the content, with an ending."""

    name: str
    content_type: str
    data: bytes


def read(data: bytes, *, field: str) -> Picture:
    """The picture in these bytes, known by what it is and not by what it is called. Raises InvalidInput."""
    if len(data) > LARGEST:
        raise InvalidInput(
            f"This picture has {len(data) // 1000} kB. Up to {LARGEST // 1000} kB load quickly on a phone.",
            code="too_large",
            field=field,
        )
    for ending, (content_type, begins) in _KINDS.items():
        if begins.match(data):
            return Picture(f"{hashlib.sha256(data).hexdigest()[:20]}.{ending}", content_type, data)
    raise InvalidInput("This is no PNG, JPEG, WebP or SVG picture.", code="not_a_picture", field=field)


def keep(*, workspace: Workspace, picture: Picture | None) -> str:
    """Make it the workspace's only logo, or have none; gives its name. The caller saves it on the workspace."""
    if picture is None:
        workspace.logos.all().delete()
        return ""
    fields = {"name": picture.name, "content_type": picture.content_type, "data": picture.data}
    Logo.objects.update_or_create(workspace=workspace, defaults=fields)
    return picture.name


@require_safe
def serve(request: HttpRequest, workspace_id: str, name: str) -> HttpResponse:
    """`/logo/<workspace>/<name>`: kept by browsers for a year, because another picture has another name."""
    try:
        key = ids.decode(Workspace.prefix, workspace_id)
    except ids.BadId as error:
        raise Http404 from error
    with workspace_scope(key):
        logo = Logo.objects.filter(workspace_id=key, name=name).first()
    if logo is None:
        raise Http404
    return HttpResponse(
        bytes(logo.data),
        content_type=logo.content_type,
        headers={
            "Cache-Control": "public, max-age=31536000, immutable",
            "Content-Security-Policy": _HARMLESS,
            "X-Content-Type-Options": "nosniff",
        },
    )
