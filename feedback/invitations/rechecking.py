"""Surveys that are about to leave are judged again, and after an outage they wait for the day."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from accounts.customers import gate
from accounts.mail import actions as mail
from accounts.mail.approvals import LOOK_AHEAD, approve
from accounts.tenancy.models import Workspace
from feedback.invitations.models import Invitation

_MOST_AT_ONCE = 500
_HELD_UP = timedelta(minutes=20)
_DAYTIME = time(8), time(19)


def recheck_due(*, workspace: Workspace, now: datetime) -> int:
    """Approve the surveys that may leave now or within the hour, take back those the gate stops; gives how many.

    One that an outage kept past its minute waits until it is day where the person is.
    """
    due = workspace.invitations.filter(message__state="queued", message__due_at__lte=now + LOOK_AHEAD)
    rows = due.select_related("contact", "message").order_by("message__approved_until", "pk")
    waiting = list(rows[:_MOST_AT_ONCE])
    verdicts = gate.judge_many(
        workspace=workspace, contact_ids=[row.contact_id for row in waiting], purpose="surveys", now=now
    )
    stopped = [row for row in waiting if row.answered_at is not None or not verdicts[row.contact_id].ok]
    going = [row for row in waiting if row not in stopped and _may_leave(row, workspace, now)]
    taken_back = sum(mail.cancel(workspace=workspace, message_id=row.message_id) for row in stopped)
    approve(workspace=workspace, message_ids=[row.message_id for row in going if row.message_id])
    return taken_back


def _may_leave(invitation: Invitation, workspace: Workspace, now: datetime) -> bool:
    due_at = invitation.send_at
    if due_at is None or now - due_at <= _HELD_UP:
        return True
    start, end = _DAYTIME
    return start <= now.astimezone(ZoneInfo(invitation.contact.timezone or workspace.timezone)).time() < end
