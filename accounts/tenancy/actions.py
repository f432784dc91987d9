"""The life of a workspace."""

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from accounts.tenancy.models import Workspace

_TRIES = 1000
# Words that would be mistaken for an address of ours.
_RESERVED = {"new", "api", "static", "app", "settings"}


def create(*, name: str, **fields: object) -> Workspace:
    """A new workspace; a slug taken gets a number."""
    stem = slugify(name)[:50] or "workspace"
    for number in range(1, _TRIES):
        slug = stem if number == 1 else f"{stem}-{number}"
        if slug in _RESERVED or Workspace.objects.filter(slug=slug).exists():
            continue
        try:
            with transaction.atomic():
                return Workspace.objects.create(name=name, slug=slug, **fields)
        except IntegrityError:
            continue  # somebody took the slug a moment ago: the next number
    raise RuntimeError(f"No free slug for {name!r}.")
