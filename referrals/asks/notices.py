"""The owner is told of a waiting draft: at once, at half time and at 80 % of what is left; and when it was missed."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import DateTimeField, DurationField, ExpressionWrapper, F, Q, QuerySet, Value
from django.urls import reverse

from accounts.members.models import Member
from accounts.members.permissions import Permission, can
from accounts.notices import actions as notices
from accounts.notices import recipients
from accounts.notices.actions import News
from accounts.notices.models import Kind, Notice
from accounts.tenancy.models import Workspace
from referrals.asks import clock
from referrals.asks.models import Ask, with_clock

_MOST_AT_ONCE = 500
_KINDS = {1: Kind.ASK_NEW, 2: Kind.ASK_HALF_TIME, 3: Kind.ASK_NEARLY_OVER}
_SHARES = {1: 0.0, 2: 0.5, 3: 0.8}


def give_notices(*, workspace: Workspace, now: datetime) -> int:
    """Tell senders of the drafts that wait for them, once a draft and stage; gives of how many somebody was told.

    Not told: what goes out by itself at the first polite minute, what somebody put on the desk by hand. A fixed number
    of statements, whatever the number of drafts.
    """
    asks = list(_due(workspace, now))
    stages = {ask.pk: sum(at <= now for at in clock.notices(ask.deadline_at, ask.queued_at)) for ask in asks}
    for stage in _KINDS:
        here = [pk for pk, reached in stages.items() if reached == stage]
        workspace.asks.filter(pk__in=here).update(notices_given=stage)
    told = [
        (member, _news(ask, stages[ask.pk], member, now))
        for ask, members in _with_readers(workspace, asks, now)
        for member in members
    ]
    return len({notice.subject for notice in notices.tell_all(workspace=workspace, told=told, now=now)})


def tell_missed(*, workspace: Workspace, asks: Sequence[Ask], now: datetime) -> None:
    """Say it as it is: nobody asked in time."""
    told = [
        (member, _missed(ask, member)) for ask, members in _with_readers(workspace, asks, now) for member in members
    ]
    notices.tell_all(workspace=workspace, told=told, now=now)


def put_away_done(*, workspace: Workspace, now: datetime) -> int:
    """Notices of drafts that wait no more, however that came about, are read; gives how many. Three statements."""
    unread = Notice.objects.filter(workspace=workspace, read_at=None, subject__gte="ask:", subject__lt="ask;")
    subjects = set(unread.order_by("subject").values_list("subject", flat=True)[:_MOST_AT_ONCE])
    keys = [UUID(subject.partition(":")[2]) for subject in subjects]
    waiting = workspace.asks.filter(pk__in=keys, state=Ask.State.QUEUED).values_list("pk", flat=True)
    done = subjects - {f"ask:{pk}" for pk in waiting}
    return notices.put_away(workspace=workspace, subjects=done, now=now)


def subject_of(ask: Ask) -> str:
    """What notices about this ask are filed under."""
    return f"ask:{ask.pk}"


def _due(workspace: Workspace, now: datetime) -> QuerySet[Ask]:
    """Drafts that have reached a stage nobody was told of. Of two ticks at once each takes its own."""
    reached = Q()
    for stage in _SHARES:
        reached |= Q(notices_given__lt=stage, **{f"stage_{stage}_at__lte": now})
    waiting = workspace.asks.filter(state=Ask.State.QUEUED, notices_given__lt=len(_KINDS), deadline_at__gt=now)
    waiting = with_clock(waiting).exclude(policy=Ask.Policy.AUTOMATIC, problems=[])
    due = waiting.alias(**{f"stage_{stage}_at": _at(share) for stage, share in _SHARES.items()}).filter(reached)
    shown = due.select_related("contact__company", "moment__response", "sender__deputy")
    return shown.order_by("deadline_at").select_for_update(of=("self",), skip_locked=True)[:_MOST_AT_ONCE]


def _at(share: float) -> ExpressionWrapper:
    span = ExpressionWrapper((F("deadline_at") - F("queued_at")) * Value(share), DurationField())
    return ExpressionWrapper(F("queued_at") + span, DateTimeField())


def _with_readers(workspace: Workspace, asks: Iterable[Ask], now: datetime) -> Iterable[tuple[Ask, Sequence[Member]]]:
    """Each ask with those who are told: its sender, else whoever stands for the workspace."""
    others: list[Member] | None = None
    for ask in asks:
        ask.workspace = workspace
        member = recipients.instead_of(ask.sender, workspace=workspace, now=now)
        if member is None and others is None:
            spokesman = recipients.by_address(workspace, workspace.sender_email)
            others = [spokesman] if spokesman else recipients.leaders(workspace)
        yield ask, [member] if member else others or []


def _news(ask: Ask, stage: int, member: Member, now: datetime) -> News:
    return News(
        kind=_KINDS[stage],
        key=f"{subject_of(ask)}:{stage}",
        subject=subject_of(ask),
        title=_title(ask, stage, member),
        text=_text(ask, member, now),
        path=_path(ask),
        expires_at=ask.deadline_at,
    )


def _missed(ask: Ask, member: Member) -> News:
    return News(
        kind=Kind.ASK_MISSED,
        key=f"{subject_of(ask)}:missed",
        # Filed apart: it stays until somebody has read it.
        title=f"Nobody asked {ask.contact.name} in time",
        text=f"{_who(ask)} {what_happened(ask, sees_scores=can(member, Permission.SCORES_READ))}. The 24 hours are "
        "over, and it counts as missed. For two days you can still write; it will say so on the record.",
        path=_path(ask),
    )


def _path(ask: Ask) -> str:
    return reverse("today-ask", args=[ask.workspace.slug, ask.public_id])


def _title(ask: Ask, stage: int, member: Member) -> str:
    name = ask.contact.name
    return {
        1: f"{name} {what_happened(ask, sees_scores=can(member, Permission.SCORES_READ))}",
        2: f"Half the time is left to ask {name}",
        3: f"The time to ask {name} is nearly over",
    }[stage]


def what_happened(ask: Ask, *, sees_scores: bool) -> str:
    """ "gave you a 10"; who may not read scores is not told by a detour."""
    response = ask.moment.response if ask.moment else None
    if response is not None:
        return f"gave you a {response.score}" if sees_scores else "can be asked"
    if ask.moment is None or not sees_scores:
        return "can be asked"
    return f"has something to be glad about: {ask.moment.get_kind_display().lower()}"


def _who(ask: Ask) -> str:
    return f"{ask.contact.name} at {ask.contact.company.name}" if ask.contact.company else ask.contact.name


def _text(ask: Ask, member: Member, now: datetime) -> str:
    said = what_happened(ask, sees_scores=can(member, Permission.SCORES_READ))
    return f"{_who(ask)} {said}.\n\n{what_next(ask, member, now)}"


def what_next(ask: Ask, member: Member, now: datetime) -> str:
    """What happens if nobody does anything, and until when something can be done."""
    zone = ZoneInfo(member.timezone or ask.workspace.timezone)
    until = f"{ask.deadline_at.astimezone(zone):%A %H:%M}"
    if ask.problems:
        return f"The draft needs a hand before it can go out: {ask.problems[0]['detail']} Until {until} it is in time."
    if ask.channel == Ask.Channel.CALL:
        return f"Until {until} a call is in time."
    if ask.send_at is None or ask.send_at <= now:
        return f"A draft in your name is ready. It goes out only when you send it; until {until} it is in time."
    return (
        f"A draft in your name is ready. If nobody touches it, it goes out {ask.send_at.astimezone(zone):%A at %H:%M}."
    )
