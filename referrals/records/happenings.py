"""Everything that happened, in sentences, day by day. The events are the only history."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from accounts.events.models import Event
from accounts.templatetags.figures import day
from accounts.tenancy import ids, money
from accounts.tenancy.actor import ActorKind
from accounts.tenancy.models import Workspace
from accounts.tenancy.money import Money

# What came in later than this is told with its own day.
LATE = timedelta(days=1)

_SENTENCES = {
    "response.received": "Answered a survey.",
    "moment.created": "A reason to ask.",
    "promoter.recognized": "Became a promoter.",
    "ask.queued": "An ask was drafted.",
    "ask.sent": "The ask was sent.",
    "ask.answered": "Answered the ask.",
    "ask.skipped": "The ask was skipped.",
    "ask.failed": "The ask could not be delivered.",
    "ask.missed": "The ask missed its time.",
    "ask.overruled": "The gate was overruled.",
    "ask.edited": "The words of the ask were changed.",
    "ask.approved": "The ask was approved.",
    "ask.taken_back": "The ask was taken back.",
    "ask.unconfirmed": "The mail server never answered about the ask.",
    "ask.replanned": "The ask could not leave when it was planned, and was planned anew.",
    "ask.unanswered": "Did not answer the ask.",
    "ask.reminder_dropped": "The reminder was dropped.",
    "ask.handed_over": "The ask moved to somebody else: its sender has left.",
    "link.created": "Got a link to pass on.",
    "link.withdrawn": "Took their page down.",
    "link.name_hidden": "Is not named on their page after the low answer.",
    "link.name_confirmed": "May be named on their page again.",
    "referral.created": "A friend was referred.",
    "referral.stage_changed": "The referral moved.",
    "referral.won": "The friend became a customer.",
    "referral.lost": "The referral was lost.",
    "reward.granted": "A reward was granted.",
    "reward.released": "The reward’s waiting time is over.",
    "reward.approved": "The reward was approved.",
    "reward.paid": "The reward was handed over.",
    "reward.cancelled": "The reward was cancelled.",
    "advocate.thanked": "Was thanked.",
    "message.confirmed": "The mail was found to have arrived.",
    "message.sent_again": "The mail was sent again.",
    "contact.unsubscribed": "Asked not to be written to.",
}
# What a person may do as well, so that it matters that nobody did.
_OF_ITS_OWN = {"ask.sent", "ask.skipped", "ask.missed", "reward.released", "reward.cancelled", "reward.approved"}
_RECORDS = {"response": "rsp", "ask": "ask", "referral": "ref", "reward": "rwd", "contact": "con", "company": "cmp"}


@dataclass(frozen=True, slots=True)
class Happening:
    text: str
    at: datetime
    by: str = ""
    href: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    on: date
    happenings: list[Happening] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Answer:
    comment: str
    responded_at: datetime


def days_of(*, workspace: Workspace, events: Iterable[Event], sees_scores: bool) -> list[Day]:
    """The events, newest first, as days in the page's zone. Three statements at most, whatever their number."""
    events = list(events)
    names = _names(workspace, events)
    answers = _answers(workspace, events) if sees_scores else {}
    rows = [
        Happening(
            text=_answered(event, answers.get(event.subject_id)) or _sentence(event),
            at=event.occurred_at,
            by=_who(event, names),
            href=_href(workspace, event),
            said=_comment(event, answers.get(event.subject_id)),
        )
        for event in events
    ]
    return [Day(on, list(group)) for on, group in groupby(rows, key=lambda row: timezone.localtime(row.at).date())]


def _answered(event: Event, answer: _Answer | None) -> str:
    """The score in words, for readers who may know it; with its day where it came in later, as from a file."""
    if answer is None or event.type != "response.received":
        return ""
    what = f"{event.data.get('score')} ({str(event.data.get('metric', '')).upper()})"
    if event.occurred_at - answer.responded_at < LATE:
        return f"Gave a {what}."
    return f"A {what} of {day(answer.responded_at)} came in."


def _comment(event: Event, answer: _Answer | None) -> str:
    return answer.comment if answer is not None and event.type == "response.received" else ""


def _sentence(event: Event) -> str:
    data = event.data
    if event.type == "referral.stage_changed" and data.get("stage"):
        return f"The referral is now “{_words(data['stage'])}”.{_reason(data)}"
    if event.type == "ask.answered" and data.get("answer"):
        return f"Answered the ask: {_words(data['answer'])}."
    if event.type in ("referral.won", "reward.granted", "reward.paid"):
        return _SENTENCES[event.type].rstrip(".") + _amount(data) + "."
    return _SENTENCES.get(event.type, _words(event.type.replace(".", " ")).capitalize() + ".") + _reason(data)


def _words(code: str) -> str:
    return str(code).replace("_", " ")


def _reason(data: dict[str, Any]) -> str:
    return f" “{data['reason']}”" if data.get("reason") else ""


def _amount(data: dict[str, Any]) -> str:
    value = data.get("deal_value") or data.get("amount")
    if not isinstance(value, dict) or not value.get("amount"):
        return ""
    return f": {money.format(Money(value['amount'], value['currency']))}"


def _who(event: Event, names: dict[UUID, str]) -> str:
    if event.actor_kind == ActorKind.MEMBER:
        return names.get(event.actor_id, "a former member") if event.actor_id else "a member"
    return {
        ActorKind.API_KEY.value: names.get(event.actor_id, "the API") if event.actor_id else "the API",
        ActorKind.CONTACT.value: "",
        ActorKind.SYSTEM.value: "by itself" if event.type in _OF_ITS_OWN else "",
        ActorKind.STAFF.value: "our staff",
    }.get(event.actor_kind, "")


def _names(workspace: Workspace, events: list[Event]) -> dict[UUID, str]:
    by_kind = {
        kind: {e.actor_id for e in events if e.actor_kind == kind and e.actor_id} for kind in ("member", "api_key")
    }
    names = dict(workspace.members.filter(pk__in=by_kind["member"]).values_list("pk", "name"))
    keys = workspace.api_keys.filter(pk__in=by_kind["api_key"]).values_list("pk", "name")
    return names | {pk: f"key “{name}”" for pk, name in keys}


def _answers(workspace: Workspace, events: list[Event]) -> dict[UUID, _Answer]:
    answered = [event.subject_id for event in events if event.type == "response.received"]
    rows = workspace.responses.filter(pk__in=answered).values_list("pk", "comment", "responded_at")
    return {pk: _Answer(comment, responded_at) for pk, comment, responded_at in rows}


def _href(workspace: Workspace, event: Event) -> str:
    prefix = _RECORDS.get(event.subject_kind)
    if prefix is None:
        return ""
    return reverse(f"{event.subject_kind}-record", args=[workspace.slug, ids.encode(prefix, event.subject_id)])
