"""An ask as its sender reads it in Slack: who, what was said, the letter, and what can be done."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from accounts.members.models import Member
from accounts.members.permissions import Permission, can
from accounts.slack import cards
from accounts.slack.cards import Card, escaped
from accounts.tenancy.models import Workspace
from referrals.asks.models import Ask
from referrals.asks.notices import what_happened, what_next

KIND = "ask"
SKIP_REASONS = ("Not the right moment", "I will ask in person", "Open support case", "Somebody else is asking")
_MOST_OF_A_LETTER = 2_500


def make(workspace: Workspace, member: Member, keys: Sequence[UUID], now: datetime) -> dict[UUID, Card]:
    """The cards of these asks as they are now. One statement."""
    rows = workspace.asks.filter(pk__in=keys).select_related("contact__company", "moment__response", "sender")
    return {ask.pk: card(ask, member, now) for ask in rows}


def card(ask: Ask, member: Member, now: datetime) -> Card:
    """One ask for one reader."""
    if ask.state == Ask.State.QUEUED:
        return _waiting(ask, member, now)
    if ask.state == Ask.State.SENDING:
        return _leaving(ask, member)
    return _over(ask)


def fingerprint(ask: Ask) -> str:
    """Of the words somebody read: nobody sends others than they saw."""
    return hashlib.sha256(f"{ask.subject}\n{ask.body}".encode()).hexdigest()[:16]


def value_of(ask: Ask) -> str:
    """What the buttons carry."""
    return f"{ask.public_id}|{fingerprint(ask)}"


def _waiting(ask: Ask, member: Member, now: datetime) -> Card:
    sees = can(member, Permission.SCORES_READ)
    what = what_happened(ask, sees_scores=sees)
    response = ask.moment.response if ask.moment else None
    blocks = [cards.section(f"*{escaped(ask.contact.name)}*{_where(ask)} {what}.")]
    if sees and response is not None and response.comment:
        blocks.append(cards.section(_quoted(response.comment[:_MOST_OF_A_LETTER])))
    if ask.channel == Ask.Channel.MAIL:
        blocks.append(cards.section(f"*{escaped(ask.subject)}*\n{escaped(_cut(ask.body))}"))
    blocks += [cards.aside(escaped(what_next(ask, member, now))), cards.actions(*_deeds(ask, member))]
    return Card(text=f"{ask.contact.name} {what}", blocks=blocks, open=True)


def _deeds(ask: Ask, member: Member) -> list[dict[str, Any]]:
    """The buttons this reader may press, and the way to the desk."""
    to_desk = cards.link(_url(ask))
    if not can(member, Permission.ASK_SEND):
        return [to_desk]
    options = [(f"{ask.public_id}|{number}", reason) for number, reason in enumerate(SKIP_REASONS)]
    skip = cards.choice("Skip…", action="ask:skip", options=options)
    if ask.channel == Ask.Channel.CALL:
        called = cards.button("I called", action="ask:called", value=value_of(ask), main=True)
        return [called, skip, to_desk]
    edit = cards.button("Edit", action="ask:edit", value=value_of(ask))
    if ask.problems:
        return [edit, skip, to_desk]
    return [cards.button("Send", action="ask:send", value=value_of(ask), main=True), edit, skip, to_desk]


def _leaving(ask: Ask, member: Member) -> Card:
    text = f"Your ask to {ask.contact.name} is on its way"
    deeds = [cards.link(_url(ask))]
    if ask.sent_by_person and can(member, Permission.ASK_SEND):
        deeds.insert(0, cards.button("Undo", action="ask:undo", value=value_of(ask)))
    said = cards.section(f"*{escaped(text)}.* It can be taken back for a minute.")
    return Card(text=text, blocks=[said, cards.actions(*deeds)], open=True)


def _over(ask: Ask) -> Card:
    text = f"{ask.contact.name}: {_ended(ask)}"
    return Card(text=text, blocks=[cards.section(f"*{escaped(text)}.*"), cards.actions(cards.link(_url(ask)))])


def _ended(ask: Ask) -> str:
    if ask.state == Ask.State.ANSWERED:
        return ask.get_answer_display().lower()
    if ask.state == Ask.State.SENT:
        return "asked" if ask.channel != Ask.Channel.CALL else "called"
    state = ask.get_state_display().lower()
    return f"{state}. {ask.ended_reason}" if ask.ended_reason else state


def _where(ask: Ask) -> str:
    return f" at {escaped(ask.contact.company.name)}" if ask.contact.company else ""


def _quoted(text: str) -> str:
    return "\n".join(f"> {escaped(line)}" for line in text.splitlines())


def _cut(text: str) -> str:
    return text if len(text) <= _MOST_OF_A_LETTER else f"{text[:_MOST_OF_A_LETTER].rstrip()} …"


def _url(ask: Ask) -> str:
    return settings.BASE_URL + reverse("today-ask", args=[ask.workspace.slug, ask.public_id])
