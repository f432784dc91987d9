"""The owner is told of a waiting draft: at once, at half time and at 80 % of what is left."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from accounts.mail import actions as mail
from accounts.mail.actions import Envelope
from accounts.mail.models import Message
from accounts.tenancy.models import Workspace
from referrals.asks import clock
from referrals.asks.models import Ask, with_clock

_ALL_TOLD = 3
_MOST_AT_ONCE = 500


def give_notices(*, workspace: Workspace, now: datetime) -> int:
    """Tell senders of the drafts that wait for them, one mail a draft and stage; gives how many mails were queued.

    Not told: what goes out by itself at the first polite minute, what somebody put on the desk by hand.
    """
    waiting = workspace.asks.filter(state=Ask.State.QUEUED, notices_given__lt=_ALL_TOLD, deadline_at__gt=now)
    waiting = with_clock(waiting).exclude(policy=Ask.Policy.AUTOMATIC, problems=[])
    given = 0
    for ask in waiting.select_related("contact__company", "moment__response", "sender")[:_MOST_AT_ONCE]:
        stage = sum(at <= now for at in clock.notices(ask.deadline_at, ask.queued_at))
        # Counted up with a guard: of two ticks at once only one tells.
        told = workspace.asks.filter(pk=ask.pk, notices_given__lt=stage, state=Ask.State.QUEUED)
        if told.update(notices_given=stage) and _address(workspace, ask):
            _tell(workspace, ask, stage, now)
            given += 1
    return given


def _address(workspace: Workspace, ask: Ask) -> str:
    return ask.sender.email if ask.sender else workspace.sender_email


def _tell(workspace: Workspace, ask: Ask, stage: int, now: datetime) -> None:
    words = Envelope(
        to_email=_address(workspace, ask),
        to_name=ask.sender.name if ask.sender else workspace.sender_name,
        from_email=workspace.sender_email or ask.sender_email,
        from_name=workspace.name,
        subject=_subject(ask, stage),
        body_text=_text(workspace, ask),
    )
    mail.queue(
        workspace=workspace,
        kind=Message.Kind.NOTICE,
        key=f"ask:{ask.pk}:notice:{stage}",
        envelope=words,
        due_at=now,
        expires_at=ask.deadline_at,
    )


def _subject(ask: Ask, stage: int) -> str:
    name = ask.contact.name
    return {
        1: f"{name} {_what_happened(ask)}",
        2: f"Half the time is left to ask {name}",
        3: f"The time to ask {name} is nearly over",
    }[stage]


def _what_happened(ask: Ask) -> str:
    response = ask.moment.response if ask.moment else None
    if response is not None:
        return f"gave you a {response.score}"
    return f"has something to be glad about: {ask.moment.get_kind_display().lower()}" if ask.moment else "can be asked"


def _text(workspace: Workspace, ask: Ask) -> str:
    zone = ZoneInfo((ask.sender.timezone if ask.sender else "") or workspace.timezone)
    where = f" at {ask.contact.company.name}" if ask.contact.company else ""
    lines = [f"{ask.contact.name}{where} {_what_happened(ask)}.", _what_next(ask, zone)]
    return "\n\n".join([*lines, f"{settings.BASE_URL}/app/{workspace.slug}/"]) + "\n"


def _what_next(ask: Ask, zone: ZoneInfo) -> str:
    until = f"{ask.deadline_at.astimezone(zone):%A %H:%M}"
    if ask.problems:
        return f"The draft needs a hand before it can go out: {ask.problems[0]['detail']} Until {until} it is in time."
    if ask.channel == Ask.Channel.CALL:
        return f"Until {until} a call is in time."
    if ask.send_at is None:
        return f"A draft in your name is ready. It goes out only when you send it; until {until} it is in time."
    return (
        f"A draft in your name is ready. If nobody touches it, it goes out {ask.send_at.astimezone(zone):%A at %H:%M}."
    )
