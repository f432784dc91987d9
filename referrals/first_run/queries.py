"""How far the first run has come: read from what is there, not from ticked boxes."""

from dataclasses import dataclass

from django.db.models import Exists

from accounts.customers.models import Contact, Outcome
from accounts.members.models import Member
from accounts.members.permissions import Permission, can
from accounts.tenancy.models import Workspace
from feedback.responses.models import Response
from referrals.asks.models import Ask
from referrals.first_run.models import FirstRun
from referrals.first_run.steps import STEPS, THREE, Step
from referrals.practice import queries as practice
from rewards.rules.models import RewardRule


@dataclass(frozen=True, slots=True)
class Standing:
    """One step as it stands: done, open or skipped, and what is known of it in a few words."""

    step: Step
    is_done: bool
    is_skipped: bool
    said: str
    may: bool

    @property
    def is_open(self) -> bool:
        return not self.is_done and not self.is_skipped


@dataclass(frozen=True, slots=True)
class Progress:
    """All steps. `next` is the first open one that this member may do, else the first open one."""

    steps: list[Standing]
    run: FirstRun | None

    @property
    def done(self) -> int:
        return sum(one.is_done for one in self.steps)

    @property
    def is_over(self) -> bool:
        return not any(one.is_open for one in self.steps)

    @property
    def next(self) -> Standing | None:
        open_ = [one for one in self.steps if one.is_open]
        return next((one for one in open_ if one.may), open_[0] if open_ else None)

    @property
    def minutes_left(self) -> int:
        return sum(one.step.minutes for one in self.steps if one.is_open)


def run_of(workspace: Workspace) -> FirstRun | None:
    """The workspace's first run, where one was begun."""
    return workspace.first_runs.select_related("guardrails_confirmed_by").first()


def progress(*, workspace: Workspace, member: Member, run: FirstRun | None = None) -> Progress:
    """Where this workspace stands. A fixed number of statements."""
    run = run or run_of(workspace)
    known = _known(workspace)
    facts: dict[str, tuple[bool, str]] = {
        "practice": _played(workspace),
        "customers": (known["contacts"], _counted(workspace) if known["contacts"] else ""),
        "people": _chosen(workspace),
        "reward": (known["promise"], "Said." if known["promise"] else ""),
        "page": (bool(run and run.page_seen_at), ""),
        "hours": (bool(member.timezone), f"{member.work_starts:%H:%M} to {member.work_ends:%H:%M}, {member.timezone}"),
        "send": (known["sent"], "Sent." if known["sent"] else ""),
        "guardrails": _confirmed(run),
    }
    skipped = run.skipped if run else []
    return Progress([_standing(step, *facts[step.code], skipped, member) for step in STEPS], run)


def on_today(*, workspace: Workspace, member: Member) -> Progress | None:
    """What Today says of it: nothing where it never began, is over, or was put away. One statement there."""
    if not can(member, Permission.ASK_SEND):
        return None
    run = run_of(workspace)
    if run is None or run.put_away_at:
        return None
    found = progress(workspace=workspace, member=member, run=run)
    return None if found.is_over else found


def _standing(step: Step, is_done: bool, said: str, skipped: list[str], member: Member) -> Standing:
    is_skipped = step.code in skipped and not is_done
    return Standing(step, is_done, is_skipped, said if is_done else "", can(member, step.permission))


def _known(workspace: Workspace) -> dict[str, bool]:
    """One statement."""
    sent = Ask.objects.filter(workspace=workspace, sent_by_person=True, state__in=["sent", "answered", "sending"])
    promise = RewardRule.objects.filter(workspace=workspace, side=RewardRule.Side.REFERRER, state="live")
    found = Workspace.objects.filter(pk=workspace.pk).values_list(
        Exists(Contact.objects.filter(workspace=workspace)), Exists(promise), Exists(sent)
    )
    contacts, promised, was_sent = found[0]
    return {"contacts": contacts, "promise": promised, "sent": was_sent}


def _played(workspace: Workspace) -> tuple[bool, str]:
    play = practice.practice_of(workspace)
    if play is None:
        return False, ""
    if play.finished_at:
        return True, "Played to the end."
    sandbox = practice.sandbox_of(workspace)
    return (True, "The friend has asked for a call.") if sandbox and practice.play_of(sandbox).friend else (False, "")


def _chosen(workspace: Workspace) -> tuple[bool, str]:
    """People with evidence of their own that says what was hard before."""
    told = Outcome.objects.filter(workspace=workspace, contact__isnull=False).exclude(old_challenge="")
    number = told.values("contact").distinct().count()
    return number >= THREE, f"{number} people have a story to tell."


def _counted(workspace: Workspace) -> str:
    people, scores = workspace.contacts.count(), Response.objects.filter(workspace=workspace).count()
    return f"{people:,} {'person' if people == 1 else 'people'}, {scores:,} score{'' if scores == 1 else 's'}."


def _confirmed(run: FirstRun | None) -> tuple[bool, str]:
    if run is None or run.guardrails_confirmed_at is None or run.guardrails_confirmed_by is None:
        return False, ""
    return True, f"Confirmed by {run.guardrails_confirmed_by.name} on {run.guardrails_confirmed_at:%-d %B %Y}."
