"""What has happened in a play so far, read in the sandbox's own scope."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.tenancy.models import SandboxKind, Workspace
from accounts.tenancy.scope import workspace_scope
from feedback.responses.models import Response
from referrals.asks.models import Ask
from referrals.practice.models import Practice


@dataclass(frozen=True, slots=True)
class Play:
    """How far the play has come. `ask_subject` is the draft that would wait on the desk; `friend` asked for a call."""

    score: int | None = None
    is_high: bool = False
    comment: str = ""
    ask_subject: str = ""
    ask_answer: str = ""
    deadline_at: datetime | None = None
    visits: int = 0
    friend: str = ""
    friend_company: str = ""


def sandbox_of(workspace: Workspace) -> Workspace | None:
    """The sandbox somebody plays in, if there is one."""
    return Workspace.objects.filter(sandbox_of=workspace, sandbox_kind=SandboxKind.PRACTICE).first()


def practice_of(workspace: Workspace) -> Practice | None:
    """Where the play of this workspace stands, if anybody ever played."""
    return workspace.practices.select_related("begun_by").first()


def play_of(sandbox: Workspace) -> Play:
    """What was played so far. Four statements, in a scope of their own."""
    with workspace_scope(sandbox.pk):
        response = sandbox.responses.order_by("-responded_at").first()
        ask = sandbox.asks.order_by("-queued_at").first()
        referral = sandbox.referrals.order_by("-created_at").first()
        visits = sandbox.visits.count()
    return Play(
        **_said(response),
        **_asked(ask),
        visits=visits,
        friend=referral.referee_name if referral else "",
        friend_company=referral.referee_company_name if referral else "",
    )


def on_today(workspace: Workspace) -> Play | None:
    """What a play puts on Today; None where nobody plays. One statement there."""
    practice = practice_of(workspace)
    if practice is None or practice.removed_at is not None:
        return None
    sandbox = sandbox_of(workspace)
    return play_of(sandbox) if sandbox else None


def _said(response: Response | None) -> dict[str, Any]:
    if response is None:
        return {}
    return {"score": response.score, "is_high": response.is_high, "comment": response.comment}


def _asked(ask: Ask | None) -> dict[str, Any]:
    if ask is None:
        return {}
    return {"ask_subject": ask.subject, "ask_answer": ask.answer, "deadline_at": ask.deadline_at}
