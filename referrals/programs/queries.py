"""Which programs fit a contact."""

from accounts.customers.models import Contact
from accounts.tenancy.models import Workspace
from referrals.programs.models import Program

# Written out, like the intake's other reads: see accounts/customers/contacts.py.
_LIVE = "SELECT * FROM referrals_program WHERE workspace_id = %s AND state = 'live' ORDER BY priority, id"


def matching(*, workspace: Workspace, contact: Contact) -> list[Program]:
    """The live programs for this contact, best first: by priority, then the older one.

    A program without ideal titles is for everybody; with titles, for peers of those titles.
    """
    matching = [program for program in Program.objects.raw(_LIVE, [workspace.pk]) if _fits(program, contact)]
    for program in matching:
        program.workspace = workspace
    return matching


def _fits(program: Program, contact: Contact) -> bool:
    title = contact.title.casefold()
    return not program.ideal_titles or any(wanted.casefold() in title for wanted in program.ideal_titles)
