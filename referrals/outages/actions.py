"""One report for each outage and workspace: noted when the outage ends, told when what was due has come to its end."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from accounts.events import actions as events
from accounts.mail import actions as mail
from accounts.mail.actions import Envelope
from accounts.mail.models import Message
from accounts.members.models import Member, Role
from accounts.tenancy.actor import SYSTEM, Actor
from accounts.tenancy.models import Workspace
from referrals.outages import counting
from referrals.outages.counting import Numbers
from referrals.outages.models import OutageReport
from referrals.outages.words import Told, tell

# By then it is told as it stands, whatever is still on its way.
_WAIT_AT_MOST = timedelta(minutes=15)
_TOLD = (Role.OWNER, Role.ADMIN)


@transaction.atomic
def note(*, workspace: Workspace, started_at: datetime, ended_at: datetime) -> OutageReport | None:
    """Remember that an outage met asks of this workspace; None where nothing was due in it. Once, however often."""
    if not counting.met_by_outage(workspace=workspace, started_at=started_at, ended_at=ended_at).exists():
        return None
    report, _created = OutageReport.objects.get_or_create(
        workspace=workspace, started_at=started_at, defaults={"ended_at": ended_at}
    )
    return report


def report_settled(*, workspace: Workspace, now: datetime) -> int:
    """Tell of the outages whose asks have come to an end, or that ended a quarter of an hour ago; gives how many."""
    waiting = workspace.outage_reports.filter(reported_at=None).order_by("started_at")
    return sum(_report(workspace, report, now) for report in waiting)


@transaction.atomic
def dismiss(*, report: OutageReport, by: Actor, now: datetime) -> OutageReport:
    """Somebody has read it; it leaves Today for everybody. The second time changes nothing."""
    report = report.workspace.outage_reports.select_for_update().get(pk=report.pk)
    if report.dismissed_at is None:
        report.dismissed_at = now
        report.dismissed_by_id = by.id if by.is_person_of_the_team else None
        report.save(update_fields=["dismissed_at", "dismissed_by"])
    return report


def told(report: OutageReport) -> Told:
    """A report with its numbers, in words and by the workspace's clock."""
    numbers = Numbers(**(report.numbers or {}))
    zone = ZoneInfo(report.workspace.timezone)
    return tell(started_at=report.started_at, ended_at=report.ended_at, numbers=numbers, zone=zone)


@transaction.atomic
def _report(workspace: Workspace, report: OutageReport, now: datetime) -> bool:
    asks = counting.met_by_outage(workspace=workspace, started_at=report.started_at, ended_at=report.ended_at)
    if now < report.ended_at + _WAIT_AT_MOST and counting.is_still_due(asks, now):
        return False
    numbers = counting.count(workspace=workspace, asks=asks, started_at=report.started_at, now=now)
    # Of two ticks at once the second waits here, and finds it told.
    untold = workspace.outage_reports.filter(pk=report.pk, reported_at=None)
    if not untold.update(numbers=numbers.as_json(), reported_at=now):
        return False
    report.numbers, report.workspace = dict(numbers.as_json()), workspace
    words = told(report)
    _record(report, words, now)
    for member in workspace.members.filter(is_active=True, role__in=_TOLD).order_by("pk"):
        _tell(workspace, report, member, words, now)
    return True


def _record(report: OutageReport, words: Told, now: datetime) -> None:
    data = {
        "id": report.public_id,
        "started_at": report.started_at,
        "ended_at": report.ended_at,
        "numbers": report.numbers,
        "text": f"{words.title} {words.detail}",
    }
    events.record(
        workspace_id=report.workspace_id, type="outage.reported", subject=report, by=SYSTEM, now=now, data=data
    )


def _tell(workspace: Workspace, report: OutageReport, member: Member, words: Told, now: datetime) -> None:
    url = f"{settings.BASE_URL}/app/{workspace.slug}/today"
    mail.queue(
        workspace=workspace,
        kind=Message.Kind.NOTICE,
        key=f"outage:{report.pk}:{member.pk}",
        envelope=Envelope(
            to_email=member.email,
            to_name=member.name,
            from_email=workspace.sender_email or member.email,
            from_name=workspace.name,
            subject=words.title.rstrip("."),
            body_text=f"{words.title}\n\n{words.detail}\n\n{url}\n",
        ),
        due_at=now,
    )
