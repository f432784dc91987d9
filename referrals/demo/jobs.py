"""Demo data on and off as a job: scene by scene, each stored whole, so that a worker that dies is simply followed."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Q

from accounts.events import actions as events
from accounts.members.models import Member
from accounts.tenancy import actions as workspaces
from accounts.tenancy.actor import SYSTEM, Actor
from accounts.tenancy.clock import database_now
from accounts.tenancy.errors import Refusal
from accounts.tenancy.models import SandboxKind, Workspace
from accounts.tenancy.scope import workspace_scope
from referrals.demo import actions, tasks
from referrals.demo.models import DemoJob

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
MOST_ATTEMPTS = 5
_FAILED = "Something went wrong, and nothing of it was kept. Try once more."


class DemoBusy(Refusal):
    """It is being filled or taken away at this moment, or there is nothing to do."""

    code = "demo_busy"


def sandbox_of(workspace: Workspace) -> Workspace | None:
    """The demo beside this workspace, also while it is being filled."""
    return Workspace.objects.filter(sandbox_of=workspace, sandbox_kind=SandboxKind.DEMO).first()


@transaction.atomic
def ask_for(*, workspace: Workspace, wish: str, member: Member, by: Actor, now: datetime) -> DemoJob:
    """Begin to load or remove the demo. Raises DemoBusy."""
    if workspace.sandbox_kind:
        raise DemoBusy("This is the demo itself.")
    is_there = sandbox_of(workspace) is not None
    if is_there == (wish == DemoJob.Wish.LOAD):
        raise DemoBusy("The demo is there already." if is_there else "There is no demo to remove.")
    scenes = len(actions.SCENES) if wish == DemoJob.Wish.LOAD else 1
    try:
        with transaction.atomic():
            job = DemoJob.objects.create(workspace=workspace, wish=wish, scenes=scenes, told_at=now, asked_by=member)
    except IntegrityError as error:
        raise DemoBusy("Somebody is at it already.") from error
    data = {"wish": job.wish}
    events.record(workspace_id=workspace.pk, type="demo.asked_for", subject=job, by=by, now=now, data=data)
    transaction.on_commit(partial(tasks.wake, workspace_id=workspace.pk, job_id=job.pk))
    return job


def work(*, workspace: Workspace, job_id: UUID, clock: Callable[[], datetime] = database_now) -> None:
    """Carry the job to its end. Nothing to do where somebody else has it, or it is over."""
    if not _claim(workspace, job_id, clock()):
        return
    try:
        while _step(workspace, job_id, clock()):
            pass
    except Exception:
        logger.exception("The demo of %s failed.", workspace.slug)
        _fail(workspace, job_id, clock())


def due(*, workspace: Workspace, now: datetime) -> list[DemoJob]:
    """Jobs under way that nobody works on."""
    free = Q(lease_until=None) | Q(lease_until__lte=now)
    return list(workspace.demo_jobs.filter(free, state=DemoJob.State.RUNNING))


def _claim(workspace: Workspace, job_id: UUID, now: datetime) -> bool:
    with workspace_scope(workspace.pk):
        running = workspace.demo_jobs.filter(pk=job_id, state=DemoJob.State.RUNNING)
        free = running.filter(Q(lease_until=None) | Q(lease_until__lte=now))
        taken = free.filter(attempts__lt=MOST_ATTEMPTS).update(lease_until=now + LEASE, attempts=F("attempts") + 1)
        spent = not taken and free.exists()
    if spent:
        _fail(workspace, job_id, now)
    return bool(taken)


def _step(workspace: Workspace, job_id: UUID, now: datetime) -> bool:
    """One scene and the word that it is stored, in one transaction; says whether another one follows."""
    with workspace_scope(workspace.pk):
        rows = workspace.demo_jobs.select_related("asked_by__user")
        job = rows.select_for_update(of=("self",), no_key=True).get(pk=job_id)
        if job.state != DemoJob.State.RUNNING:
            return False
        if job.wish == DemoJob.Wish.REMOVE:
            _remove(workspace)
        else:
            _play(workspace, job)
        job.position, job.lease_until = job.position + 1, now + LEASE
        if job.position == job.scenes:
            _end(job, DemoJob.State.DONE, now)
        job.save()
        return job.state == DemoJob.State.RUNNING


def _play(workspace: Workspace, job: DemoJob) -> None:
    sandbox = sandbox_of(workspace)
    if sandbox is None:
        sandbox = actions.found_beside(home=workspace, member=job.asked_by, now=job.told_at)
    actions.play_scene(sandbox=sandbox, position=job.position, now=job.told_at)


def _fail(workspace: Workspace, job_id: UUID, now: datetime) -> None:
    with workspace_scope(workspace.pk):
        job = workspace.demo_jobs.select_for_update(no_key=True).get(pk=job_id)
        if job.state == DemoJob.State.RUNNING:
            if job.wish == DemoJob.Wish.LOAD:
                _remove(workspace)
            job.error = _FAILED
            _end(job, DemoJob.State.FAILED, now)
            job.save()


def _end(job: DemoJob, state: DemoJob.State, now: datetime) -> None:
    job.state, job.ended_at, job.lease_until = state, now, None
    data = {"wish": job.wish, "state": job.state}
    events.record(workspace_id=job.workspace_id, type="demo.ended", subject=job, by=SYSTEM, now=now, data=data)


def _remove(workspace: Workspace) -> None:
    sandbox = sandbox_of(workspace)
    if sandbox is not None:
        workspaces.remove_sandbox(sandbox)
