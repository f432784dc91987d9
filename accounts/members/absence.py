"""Who is away, until when, and who stands in."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from accounts.events import actions as events
from accounts.members import signals
from accounts.members.models import Member
from accounts.tenancy.actor import Actor
from accounts.tenancy.errors import InvalidInput
from accounts.tenancy.models import Workspace


@transaction.atomic
def set_absence(
    *,
    workspace: Workspace,
    member: Member,
    absent_from: date | None,
    absent_until: date | None,
    deputy: Member | None,
    by: Actor,
    now: datetime,
) -> Member:
    """Keep when the member is away, both days included, and who stands in; None for neither.

    What waits to be sent in their name moves at once if the absence has begun. Raises InvalidInput, naming the field.
    """
    locked = {one.pk: one for one in workspace.members.select_for_update().order_by("pk")}
    member = locked[member.pk]
    member.workspace = workspace
    if absent_until is None:
        absent_from = None
    elif absent_until < (absent_from or member.today(now)):
        raise InvalidInput("The last day lies before the first.", field="absent_until")
    if deputy is not None:
        _check_deputy(member, locked[deputy.pk], absent_from, absent_until)
    member.absent_from, member.absent_until, member.deputy = absent_from, absent_until, deputy
    member.save(update_fields=["absent_from", "absent_until", "deputy"])
    data = {"from": absent_from, "until": absent_until, "deputy": deputy.public_id if deputy else None}
    events.record(workspace_id=workspace.pk, type="member.absence_set", subject=member, by=by, now=now, data=data)
    if member.is_away_on(member.today(now)):
        signals.member_away.send_robust(sender=Member, workspace=workspace, member=member, by=by, now=now)
    return member


def relying_on(member: Member) -> list[Member]:
    """Those who are away while this member, their deputy, is away as well: nobody stands in for them."""
    if member.absent_until is None:
        return []
    overlapping = Q(absent_until__gte=member.absent_from or date.min) & (
        Q(absent_from__isnull=True) | Q(absent_from__lte=member.absent_until)
    )
    return list(member.workspace.members.filter(overlapping, deputy=member, is_active=True).order_by("name"))


def _check_deputy(member: Member, deputy: Member, first: date | None, last: date | None) -> None:
    """A deputy who is away in the same days would hand on to somebody else, and in a circle to nobody."""
    if deputy.pk == member.pk:
        raise InvalidInput("Nobody stands in for themselves. Choose somebody else.", field="deputy")
    if not deputy.is_active:
        raise InvalidInput(f"{deputy.name} has left the team. Choose somebody else.", field="deputy")
    if _overlaps(first, last, deputy.absent_from, deputy.absent_until):
        raise InvalidInput(f"{deputy.name} is away then too. Choose somebody who is there.", field="deputy")


def _overlaps(first: date | None, last: date | None, from_: date | None, until: date | None) -> bool:
    """Whether two absences share a day; without a last day there is none, without a first it has begun."""
    return last is not None and until is not None and until >= (first or date.min) and (from_ or date.min) <= last
