"""A workspace rests, wakes up, closes, is called back. Deleting it when its time is over: purging.py."""

from datetime import datetime, timedelta

from django.db import transaction

from accounts.events import actions as events
from accounts.events.actions import Fact
from accounts.lifecycle import emails
from accounts.lifecycle.errors import NotConfirmed, NotThisState
from accounts.tenancy.actor import Actor
from accounts.tenancy.models import Workspace

State = Workspace.State

# Between "close it" and its deletion.
UNTIL_DELETED = timedelta(days=30)


@transaction.atomic
def suspend(*, workspace: Workspace, typed: str, by: Actor, now: datetime) -> Workspace:
    """Let it rest: nothing leaves, public pages and the API say so. Raises NotConfirmed, NotThisState."""
    workspace = _locked(workspace, State.ACTIVE)
    _confirm(workspace, typed)
    return _move(workspace, State.SUSPENDED, "workspace.suspended", by=by, now=now)


@transaction.atomic
def resume(*, workspace: Workspace, by: Actor, now: datetime) -> Workspace:
    """Wake it up. What was due meanwhile meets its hours and the gate anew. Raises NotThisState."""
    workspace = _locked(workspace, State.SUSPENDED)
    return _move(workspace, State.ACTIVE, "workspace.resumed", by=by, now=now)


@transaction.atomic
def close(*, workspace: Workspace, typed: str, by: Actor, now: datetime) -> Workspace:
    """Close it: as if suspended from now on, deleted when the time is over. Raises NotConfirmed, NotThisState."""
    workspace = _locked(workspace, State.ACTIVE, State.SUSPENDED)
    _confirm(workspace, typed)
    workspace.closes_at = now + UNTIL_DELETED
    workspace = _move(workspace, State.CLOSING, "workspace.closing", by=by, now=now)
    emails.tell_owners_of_closing(workspace=workspace, now=now)
    return workspace


@transaction.atomic
def call_back(*, workspace: Workspace, by: Actor, now: datetime) -> Workspace:
    """Keep it after all. Raises NotThisState, also where the time is over and rows may be gone already."""
    workspace = _locked(workspace, State.CLOSING)
    if workspace.closes_at is not None and workspace.closes_at <= now:
        raise NotThisState("Its time is over; it is being deleted.")
    workspace.closes_at = None
    return _move(workspace, State.ACTIVE, "workspace.called_back", by=by, now=now)


def _locked(workspace: Workspace, *states: Workspace.State) -> Workspace:
    workspace = Workspace.objects.select_for_update().get(pk=workspace.pk)
    if workspace.state not in states:
        raise NotThisState(f"{workspace.name} is {workspace.get_state_display().lower()}.")
    return workspace


def _confirm(workspace: Workspace, typed: str) -> None:
    if typed.strip() != workspace.slug:
        raise NotConfirmed(f"Type {workspace.slug}, so that it is no slip of the hand.", field="typed")


def _move(workspace: Workspace, state: str, fact: str, *, by: Actor, now: datetime) -> Workspace:
    before, workspace.state = workspace.state, state
    workspace.save(update_fields=["state", "closes_at"])
    data = {"before": before, "state": state, "closes_at": workspace.closes_at}
    events.record_all(workspace_id=workspace.pk, facts=[Fact(fact, ("workspace", workspace.pk), data)], by=by, now=now)
    return workspace
