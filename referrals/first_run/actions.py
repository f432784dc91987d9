"""The first run: begun with the workspace, left and found again, ended by asks that leave."""

from datetime import datetime
from zoneinfo import available_timezones

from django.db import transaction

from accounts.events import actions as events
from accounts.members import queries as members
from accounts.members.models import Member, User
from accounts.tenancy.actor import Actor
from accounts.tenancy.errors import InvalidInput, Refusal
from accounts.tenancy.models import Workspace
from accounts.tenancy.scope import workspace_scope
from referrals.first_run.guardrails import Rail
from referrals.first_run.models import FirstRun
from referrals.first_run.steps import BY_CODE
from referrals.programs import actions as programs

# Nobody needs more by accident.
MOST_WORKSPACES = 20


@transaction.atomic
def found(*, user: User, name: str, owner_name: str, timezone: str, now: datetime) -> Workspace:
    """A workspace of one's own, its first run begun. Raises Refusal for somebody who has founded many already."""
    if len(members.workspaces_of(user)) >= MOST_WORKSPACES:
        raise Refusal("You work in many workspaces already. Ask whoever runs this Goodword for another one.")
    zone = timezone if timezone in available_timezones() else "UTC"
    made = programs.set_up_workspace(
        name=name, owner_email=user.email, owner_name=owner_name, now=now, for_operator=False, timezone=zone
    )
    with workspace_scope(made.workspace.pk):
        begin(workspace=made.workspace)
    return made.workspace


@transaction.atomic
def begin(*, workspace: Workspace) -> FirstRun:
    """The workspace's first run, begun where there is none yet."""
    run, _new = FirstRun.objects.get_or_create(workspace=workspace)
    return run


@transaction.atomic
def skip(*, workspace: Workspace, step: str, by: Actor, now: datetime) -> FirstRun:
    """Leave a step out for now. Raises InvalidInput for a step there is not."""
    run = _lock(workspace)
    if step not in BY_CODE:
        raise InvalidInput("There is no such step.", field="step")
    if step not in run.skipped:
        run.skipped = [*run.skipped, step]
        run.save(update_fields=["skipped", "updated_at"])
        _record(run, "first_run.step_skipped", by, now, step=step)
    return run


@transaction.atomic
def take_up(*, workspace: Workspace, step: str, by: Actor, now: datetime) -> FirstRun:
    """Take up again what was left out."""
    run = _lock(workspace)
    if step in run.skipped:
        run.skipped = [one for one in run.skipped if one != step]
        run.save(update_fields=["skipped", "updated_at"])
        _record(run, "first_run.step_taken_up", by, now, step=step)
    return run


@transaction.atomic
def approve_page(*, workspace: Workspace, by: Actor, now: datetime) -> FirstRun:
    """Somebody looked at the page the friend sees, and found it right."""
    run = _lock(workspace)
    if run.page_seen_at is None:
        run.page_seen_at = now
        run.save(update_fields=["page_seen_at", "updated_at"])
        _record(run, "first_run.page_approved", by, now)
    return run


@transaction.atomic
def confirm_guardrails(
    *, workspace: Workspace, rails: list[Rail], member: Member, by: Actor, now: datetime
) -> FirstRun:
    """Somebody read the rules, with the values of that moment, and said that they are right."""
    run = _lock(workspace)
    run.guardrails_confirmed_at, run.guardrails_confirmed_by = now, member
    run.save(update_fields=["guardrails_confirmed_at", "guardrails_confirmed_by", "updated_at"])
    _record(run, "guardrails.confirmed", by, now, rules={rail.rule: rail.value for rail in rails})
    return run


@transaction.atomic
def put_away(*, workspace: Workspace, by: Actor, now: datetime) -> FirstRun:
    """No more of it on Today. It stays where it was."""
    run = _lock(workspace)
    if run.put_away_at is None:
        run.put_away_at = now
        run.save(update_fields=["put_away_at", "updated_at"])
        _record(run, "first_run.put_away", by, now)
    return run


def _lock(workspace: Workspace) -> FirstRun:
    begin(workspace=workspace)
    return workspace.first_runs.select_for_update(of=("self",), no_key=True).get()


def _record(run: FirstRun, type_: str, by: Actor, now: datetime, **data: object) -> None:
    events.record(workspace_id=run.workspace_id, type=type_, subject=run, by=by, now=now, data=data)
