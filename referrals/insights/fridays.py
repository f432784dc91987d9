"""Friday's mail: the week for those who chose to hear of it, each once, towards the end of their own Friday."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse

from accounts.members.models import Member
from accounts.notices import actions as notices
from accounts.notices.actions import News
from accounts.notices.emails import Letter, Row
from accounts.notices.kinds import channels
from accounts.notices.models import Kind
from accounts.tenancy.models import Workspace
from referrals.insights import actions, figures, pulse, weeks
from referrals.insights.figures import NOT_ENOUGH, Figure
from referrals.insights.pulse import Sentence
from referrals.insights.weeks import Week

_FRIDAY = 4
_AT_THE_LATEST = time(15)


def tell_due(*, workspace: Workspace, now: datetime) -> int:
    """Tell everybody whose Friday is nearly over, the weekend after an outage too; gives how many were told."""
    members = [member for member in workspace.members.filter(is_active=True) if _is_time(member, workspace, now)]
    if not members:
        return 0
    week = weeks.this_week(zone=ZoneInfo(workspace.timezone), now=now)
    readers = _to_be_told(workspace, members, week)
    if not readers:
        return 0
    found = figures.of_week(workspace=workspace, week=week, goals=actions.goals_of(workspace))
    told = [(reader, _news(workspace, week, found, reader, now)) for reader in readers]
    return len(notices.tell_all(workspace=workspace, told=told, now=now))


def _is_time(member: Member, workspace: Workspace, now: datetime) -> bool:
    local = now.astimezone(ZoneInfo(member.timezone or workspace.timezone))
    hour_before = (datetime.combine(local.date(), member.work_ends) - timedelta(hours=1)).time()
    begins = max(member.work_starts, min(_AT_THE_LATEST, hour_before))
    return local.weekday() > _FRIDAY or (local.weekday() == _FRIDAY and local.time() >= begins)


def _to_be_told(workspace: Workspace, members: Sequence[Member], week: Week) -> list[Member]:
    """Those who chose it and were not told yet."""
    choices = notices.choices_of(workspace, [member.pk for member in members])
    chose = [one for one in members if channels(Kind.WEEK, role=one.role, chosen=choices[one.pk].chosen)]
    told = set(workspace.notices.filter(key=_key(week), member__in=chose).values_list("member_id", flat=True))
    return [member for member in chose if member.pk not in told]


def _key(week: Week) -> str:
    return f"week:{week.key}"


def _news(workspace: Workspace, week: Week, found: Sequence[Figure], reader: Member, now: datetime) -> News:
    alive = pulse.sentences(workspace=workspace, member=reader, now=now)
    summary = ", ".join(f"{one.label.lower()}: {one.value or one.note}" for one in found)
    return News(
        kind=Kind.WEEK,
        key=_key(week),
        title=f"The week at {workspace.name}",
        text=" ".join([*(one.text for one in alive), f"{summary[:1].upper()}{summary[1:]}."]),
        path=f"{reverse('week', args=[workspace.slug])}?week={week.key}",
        letter=_letter(week, found, alive),
    )


def _letter(week: Week, found: Sequence[Figure], alive: Sequence[Sentence]) -> Letter:
    days = f"Monday {week.monday.day} {week.monday:%B} until now, beside the same days of the week before."
    rows = [Row(one.label, one.value or NOT_ENOUGH, _note(one), settings.BASE_URL + one.url) for one in found]
    return Letter(lines=[days, *(one.text for one in alive)], rows=rows)


def _note(one: Figure) -> str:
    goal = f"goal {one.goal}" if one.goal else ""
    return "; ".join(filter(None, [one.note, goal, one.change]))
