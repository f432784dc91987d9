"""Being the customer once: the real pages, in a sandbox that is mailed to nobody and counted nowhere."""

from datetime import datetime
from urllib.parse import urlsplit

from django.db import transaction

from accounts.events import actions as events
from accounts.members.models import Member
from accounts.tenancy import actions as workspaces
from accounts.tenancy.actor import SYSTEM, Actor
from accounts.tenancy.models import SandboxKind, Workspace
from accounts.tenancy.scope import workspace_scope
from feedback.invitations import actions as invitations
from referrals.links import actions as links
from referrals.links.addresses import landing_path
from referrals.practice import queries, stage
from referrals.practice.models import Practice


@transaction.atomic
def begin(*, workspace: Workspace, member: Member, by: Actor, now: datetime) -> Practice:
    """Set the stage anew, with the look, words and promises as they are now. What was played before is removed."""
    practice = _lock(workspace, member, now)
    _clear(practice, now)
    program, survey, rules = stage.words_of(workspace)
    look = stage.look_of(workspace, member)
    sandbox = workspaces.create_sandbox(home=workspace, kind=SandboxKind.PRACTICE, name=workspace.name, **look)
    with workspace_scope(sandbox.pk):
        for row in (program, survey, *rules):
            row.workspace = sandbox
            row.save(force_insert=True)
        jamie = stage.invite_jamie(sandbox, now)
        invitation = invitations.invite(workspace=sandbox, survey=survey, contact=jamie, by=SYSTEM, now=now)
        link = links.ensure(workspace=sandbox, contact=jamie, program=program, by=SYSTEM, now=now)
    practice.begun_by, practice.begun_at, practice.removed_at = member, now, None
    practice.survey_path, practice.landing_path = urlsplit(invitations.survey_url(invitation)).path, landing_path(link)
    practice.save()
    events.record(workspace_id=workspace.pk, type="practice.begun", subject=practice, by=by, now=now)
    return practice


@transaction.atomic
def remove(*, workspace: Workspace, by: Actor, now: datetime) -> bool:
    """Take the play away with every row of it; that it was played is remembered. False where there is none."""
    practice = workspace.practices.select_for_update(no_key=True).filter(removed_at=None).first()
    if practice is None:
        return False
    _clear(practice, now)
    practice.removed_at, practice.survey_path, practice.landing_path = now, "", ""
    practice.save()
    events.record(workspace_id=workspace.pk, type="practice.removed", subject=practice, by=by, now=now)
    return True


def _lock(workspace: Workspace, member: Member, now: datetime) -> Practice:
    Practice.objects.get_or_create(
        workspace=workspace, defaults={"begun_by": member, "begun_at": now, "removed_at": now}
    )
    return workspace.practices.select_for_update(no_key=True).get()


def _clear(practice: Practice, now: datetime) -> None:
    sandbox = queries.sandbox_of(practice.workspace)
    if sandbox is None:
        return
    if queries.play_of(sandbox).friend:
        practice.finished_at = now
    workspaces.remove_sandbox(sandbox)
