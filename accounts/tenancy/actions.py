"""The life of a workspace."""

import secrets

from django.db import IntegrityError, connection, transaction
from django.utils.text import slugify

from accounts.tenancy.errors import Refusal
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


class SandboxThere(Refusal):
    """A workspace has one sandbox of a kind."""

    code = "sandbox_there"


@transaction.atomic
def create_sandbox(*, home: Workspace, kind: str, name: str, **fields: object) -> Workspace:
    """A workspace beside `home` to play in: nothing of it leaves the house. Raises SandboxThere."""
    if home.sandbox_of_id:
        raise SandboxThere("This is a sandbox itself.")
    slug = f"{kind}-{secrets.token_hex(8)}"
    try:
        with transaction.atomic():
            return Workspace.objects.create(
                name=name, slug=slug, is_demo=True, sandbox_of=home, sandbox_kind=kind, **fields
            )
    except IntegrityError as error:
        raise SandboxThere("It is there already.") from error


def remove_sandbox(sandbox: Workspace) -> None:
    """Delete a sandbox with every row of it, and the people who exist for it only. Runs in the scope of its home; the
    database refuses anything else.

    Facts and books are only ever added to; a function of the owner's is the one way to take a sandbox's away.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT remove_sandbox(%s)", [str(sandbox.pk)])
