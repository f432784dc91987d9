"""What lies open beside the pile: one ask with its letter and margin, a referral, a thank-you or a reward."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse

from accounts.customers.models import Company, Contact
from accounts.members.models import Member, Role
from accounts.members.permissions import Permission, can
from accounts.tenancy.models import TenantModel, Workspace
from feedback.experts.score import named_parts
from referrals.asks import post
from referrals.asks.models import Ask
from referrals.asks.moves import LATE_GRACE
from referrals.asks.words import said_when
from referrals.asks.zones import zone_for
from referrals.links.addresses import advocate_url, landing_url
from referrals.pipeline.models import Referral
from referrals.thanks.models import ThankYou
from referrals.today import queries
from referrals.today.forms import EditAsk, EditThankYou, SkipForm
from referrals.today.headline import clock_words
from referrals.today.letters import Footnote, lay_out
from referrals.today.slips import Reader, beneficiary, response_of, span_words, thanked_for, worth
from rewards.grants.models import Reward

_PUBLICITY = {
    Company.Publicity.ALLOWED: "The company may be named.",
    Company.Publicity.ANONYMOUS: "The company must stay unnamed.",
    Company.Publicity.FORBIDDEN: "The company must not be named.",
    Company.Publicity.UNKNOWN: "Nobody has asked yet whether the company may be named.",
}
_MANY = {Role.SALES: "Sales", Role.MARKETING: "Marketing", Role.FINANCE: "Finance", Role.ANALYST: "Analysts"}
_ON_THE_DESK = (Ask.State.QUEUED, Ask.State.EXPIRED)


@dataclass(frozen=True, slots=True)
class Opened:
    """The row that is open, the template that shows it, and what that template needs."""

    row: TenantModel
    template: str
    context: dict[str, Any]
    url_name: str

    @property
    def slip_id(self) -> str:
        return f"slip-{self.row.public_id}"

    def url(self, slug: str) -> str:
        return reverse(self.url_name, args=[slug, self.row.public_id])


def ask(
    row: Ask,
    *,
    reader: Reader,
    member: Member,
    form: EditAsk | None = None,
    own: dict[str, Any] | None = None,
) -> Opened:
    """An ask; with `form` its words are being changed, with `own` it is sent from somebody's own mailbox."""
    context = {"ask": row, "name": row.contact.name, "refused": no_permission(member, Permission.ASK_SEND, "send")}
    if not reader.sees_scores:
        return Opened(row, "referrals/today/_ask_hidden.html", context, "today-ask")
    letter = lay_out(subject=row.subject, body=row.body, facts=row.facts)
    context |= {
        "form": form,
        "own": own,
        "skip": SkipForm(),
        "letter": letter,
        "footnotes": [(note, _record_of(note, row, reader)) for note in letter.footnotes],
        **_praise(row, reader),
        **_envelope(row.contact, member.workspace, reader),
        **_deeds(row, reader),
        **_preview(row, member.workspace),
        "parts": named_parts(row.contact.expert_parts),
        "before": _before_you_send(row, reader),
    }
    return Opened(row, "referrals/today/_ask.html", context, "today-ask")


def referral(row: Referral, *, reader: Reader, member: Member) -> Opened:
    """Somebody to call, with how the two know each other and what was said."""
    context = {
        "referral": row,
        "advocate": row.referrer,
        "since": clock_words(row.stage_changed_at, zone=reader.zone, now=reader.now),
        "refused": no_permission(member, Permission.REFERRAL_WRITE, "move it"),
    }
    return Opened(row, "referrals/today/_referral.html", context, "today-referral")


def thank_you(row: ThankYou, *, reader: Reader, member: Member, form: EditThankYou | None = None) -> Opened:
    """A thank-you that is owed, its words ready to change."""
    context = {
        "thank_you": row,
        "occasion": thanked_for(row),
        "owed_for": span_words(reader.now - row.owed_since),
        "form": form or EditThankYou(initial={"subject": row.subject, "body": row.body}),
        "skip": SkipForm(),
        "refused": no_permission(member, Permission.ASK_SEND, "send"),
    }
    return Opened(row, "referrals/today/_thank_you.html", context, "today-thank-you")


def reward(row: Reward, *, reader: Reader, member: Member) -> Opened:
    """A reward that waits for approval."""
    context = {
        "reward": row,
        "worth": worth(row),
        "beneficiary": beneficiary(row),
        "since": clock_words(row.granted_at, zone=reader.zone, now=reader.now),
        "refused": no_permission(member, Permission.REWARD_APPROVE, "approve"),
    }
    return Opened(row, "referrals/today/_reward.html", context, "today-reward")


def no_permission(member: Member, permission: Permission, verb: str) -> str:
    """ "Analysts can read this but not send. Ana or Ben can."; empty for whoever may."""
    if can(member, permission):
        return ""
    names = queries.who_can(workspace=member.workspace, permission=permission)
    many = _MANY.get(Role(member.role), f"{member.get_role_display()}s")
    others = f" {' or '.join(names)} can." if names else ""
    return f"{many} can read this but not {verb}.{others}"


def _record_of(note: Footnote, row: Ask, reader: Reader) -> str:
    """The address of the record a fact comes from, "" where it has no page."""
    group, response, contact = note.token.partition(".")[0], response_of(row), row.contact
    if group == "response" and response is not None:
        return reverse("response-record", args=[reader.slug, response.public_id])
    if group in ("company", "outcome") and contact.company is not None:
        return reverse("company-record", args=[reader.slug, contact.company.public_id])
    if group in ("contact", "outcome"):
        return reverse("contact-record", args=[reader.slug, contact.public_id])
    return ""


def _praise(row: Ask, reader: Reader) -> dict[str, Any]:
    response = response_of(row)
    if response is None and queries.is_by_hand(row):
        # Begun by hand: the draft speaks of the latest high answer.
        answers = row.workspace.responses.filter(contact_id=row.contact_id, is_high=True)
        response = answers.order_by("-responded_at").first()
    gave = when = ""
    if response is not None:
        scale = "" if response.metric == "nps" else f" for {response.get_metric_display().lower()}"
        gave, at = f"gave a {response.score}{scale}", response.responded_at.astimezone(reader.zone)
        days = (reader.now.astimezone(reader.zone).date() - at.date()).days
        when = said_when(response.responded_at, reader.now, reader.zone) + (f" at {at:%H:%M}" if days <= 1 else "")
    elif row.moment is not None:
        gave, when = f"is worth a word: {row.moment.get_kind_display().lower()}", row.moment.detail
    return {"said": response.comment if response else "", "gave": gave, "gave_when": when}


def _envelope(contact: Contact, workspace: Workspace, reader: Reader) -> dict[str, Any]:
    country = contact.country or (contact.company.country if contact.company else "")
    zone, guess = zone_for(contact.timezone, country, workspace.timezone)
    city = str(zone).rpartition("/")[2].replace("_", " ")
    known = "" if guess == "contact" else f", guessed from the {guess}"
    place = ", ".join(filter(None, [contact.title, contact.company.name if contact.company else ""]))
    return {"place": place, "their_time": f"{reader.now.astimezone(zone):%H:%M} in {city}{known}"}


def _deeds(row: Ask, reader: Reader) -> dict[str, Any]:
    too_old = reader.now >= row.deadline_at + LATE_GRACE
    on_the_desk = row.state in _ON_THE_DESK and not too_old
    missed_by = reader.now - row.deadline_at
    return {
        "is_call": queries.is_call(row),
        "on_the_desk": on_the_desk,
        "sendable": on_the_desk and not row.problems,
        "stopped": row.problems if on_the_desk and not queries.is_call(row) else [],
        "too_old": too_old and row.state in (*_ON_THE_DESK, Ask.State.UNCONFIRMED, Ask.State.FAILED),
        "missed_by": span_words(missed_by) if row.state == Ask.State.EXPIRED and missed_by.total_seconds() > 0 else "",
        "can_undo": row.state == Ask.State.SENDING and row.send_at is not None and row.send_at > reader.now,
        "goes_at": clock_words(row.send_at, zone=reader.zone, now=reader.now)
        if row.send_at and row.send_at > reader.now
        else "",
        "clock_ends": ""
        if queries.is_by_hand(row) or row.deadline_at <= reader.now
        else clock_words(row.deadline_at, zone=reader.zone, now=reader.now),
        "sent_when": clock_words(row.sent_at, zone=reader.zone, now=reader.now) if row.sent_at else "",
        "answers": Ask.Answer.choices,
    }


def _preview(row: Ask, workspace: Workspace) -> dict[str, Any]:
    return {
        "last_line": post.last_line(workspace, f"{settings.BASE_URL}/…"),
        "friend_sees": landing_url(row.link),
        "they_see": advocate_url(row.link),
    }


def _before_you_send(row: Ask, reader: Reader) -> list[str]:
    before = queries.asked_before(ask=row)
    asked = f"Asked before, {before.astimezone(reader.zone):%-d %B %Y}." if before else "Never asked before."
    reasons = [str(reason["detail"]) for reason in row.verdict.get("reasons", [])]
    named = [_PUBLICITY[Company.Publicity(row.contact.company.publicity)]] if row.contact.company else []
    return [asked, *(reasons or ["Nothing spoke against asking."]), *named]
