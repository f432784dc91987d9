"""Which programs fit a contact."""

from uuid import UUID

from django.db.models import QuerySet

from accounts.customers.models import Contact
from accounts.tenancy.compiled import CompiledQuery
from accounts.tenancy.models import Workspace
from referrals.programs.models import Program


def _live(workspace_id: UUID) -> "QuerySet[Program]":
    return Program.objects.filter(workspace_id=workspace_id, state=Program.State.LIVE).order_by("priority", "pk")


_LIVE = CompiledQuery(_live, keys=1)


def matching(*, workspace: Workspace, contact: Contact) -> list[Program]:
    """The live programs for this contact, best first: by priority, then the older one.

    A program without ideal titles is for everybody; with titles, for peers of those titles.
    """
    matching = [program for program in _LIVE.rows(workspace.pk) if _fits(program, contact)]
    for program in matching:
        program.workspace = workspace
    return matching


def _fits(program: Program, contact: Contact) -> bool:
    title = contact.title.casefold()
    return not program.ideal_titles or any(wanted.casefold() in title for wanted in program.ideal_titles)
