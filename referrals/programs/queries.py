"""Which programs fit a contact."""

from accounts.customers.models import Contact
from accounts.tenancy.models import Workspace
from referrals.programs.models import Program


def matching(*, workspace: Workspace, contact: Contact) -> list[Program]:
    """The live programs for this contact, best first: by priority, then the older one.

    A program without ideal titles is for everybody; with titles, for peers of those titles.
    """
    programs = workspace.programs.filter(state=Program.State.LIVE).order_by("priority", "pk")
    return [program for program in programs if _fits(program, contact)]


def _fits(program: Program, contact: Contact) -> bool:
    title = contact.title.casefold()
    return not program.ideal_titles or any(wanted.casefold() in title for wanted in program.ideal_titles)
