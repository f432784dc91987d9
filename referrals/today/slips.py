"""The rows of the pile in words: who, what, when, and what happens next."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse

from accounts.tenancy.models import TenantModel
from accounts.tenancy.money import Money
from accounts.tenancy.money import format as money_words
from feedback.responses.models import Response
from feedback.surveys.models import Metric
from referrals.asks.models import Ask
from referrals.pipeline.models import Referral
from referrals.thanks.models import ThankYou
from referrals.today.headline import clock_words
from referrals.today.queries import is_by_hand, is_call
from rewards.grants.models import Reward

_SCALE_ENDS = {Metric.NPS: 10, Metric.CSAT: 5, Metric.OSAT: 5, Metric.CES: 7, Metric.OES: 7}
_THANKED_FOR = {
    ThankYou.Occasion.INTRODUCTION: "for introducing {}",
    ThankYou.Occasion.MET: "we met {}",
    ThankYou.Occasion.WON: "{} became a customer",
    ThankYou.Occasion.LOST: "{} did not work out",
}


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks at the desk: their clock, and whether they may see what single persons said."""

    slug: str
    zone: ZoneInfo
    now: datetime
    sees_scores: bool = True


@dataclass(frozen=True, slots=True)
class Slip:
    """One row. `start`, `deadline` and `send_at` are ISO times for the burning line; `gone` is a percentage."""

    id: str
    href: str
    name: str
    what: str
    when: str = ""
    deadline: str = ""
    tag: str = ""
    tag_tone: str = ""
    score: int | None = None
    score_tone: str = ""
    said: str = ""
    next: str = ""
    start: str = ""
    send_at: str = ""
    gone: int = 0
    wick_label: str = ""


def ask_slip(ask: Ask, reader: Reader) -> Slip:
    """An ask with its clock: score, words, the burning line, and what happens by itself."""
    response = response_of(ask) if reader.sees_scores else None
    gone = _hours_gone(ask, reader.now)
    return Slip(
        **_base(ask, reader, "today-ask"),
        name=ask.contact.name,
        what=_company_of(ask),
        score=response.score if response else None,
        score_tone=score_tone(response),
        said=response.comment if response else "",
        next=" ".join(filter(None, [_because(ask, response, reader), plan_words(ask, reader)])),
        when=span_words(ask.deadline_at - reader.now),
        start=ask.responded_at.isoformat(),
        deadline=ask.deadline_at.isoformat(),
        send_at=ask.send_at.isoformat() if ask.send_at else "",
        gone=round(gone / 24 * 100),
        wick_label=f"{round(gone)} of 24 hours gone",
    )


def begun_slip(ask: Ask, reader: Reader) -> Slip:
    """A draft somebody began by hand: nothing burns."""
    return Slip(**_base(ask, reader, "today-ask"), name=ask.contact.name, what=_company_of(ask), tag="draft")


def needing_slip(ask: Ask, reader: Reader) -> Slip:
    """An ask that cannot go on without a person, and why."""
    what, tag, tone = _need(ask, reader)
    return Slip(
        **_base(ask, reader, "today-ask"),
        name=ask.contact.name,
        what=what,
        tag=tag,
        tag_tone=tone,
        deadline="" if tag else ask.deadline_at.isoformat(),
        when="" if tag else span_words(ask.deadline_at - reader.now),
    )


def leaving_slip(ask: Ask, reader: Reader) -> Slip:
    """An ask within the minute in which it can be taken back, or on its way to the mail server."""
    return Slip(**_base(ask, reader, "today-ask"), name=ask.contact.name, what="is leaving now", tag="sending")


def referral_slip(referral: Referral, reader: Reader) -> Slip:
    """Somebody was referred and waits for a call."""
    sent_by = f"sent by {referral.referrer.name}" if referral.referrer else referral.get_source_display().lower()
    return Slip(
        **_base(referral, reader, "today-referral"),
        name=f"Call {referral.referee_name}",
        what=sent_by,
        when=ago_words(reader.now - referral.stage_changed_at),
    )


def thank_you_slip(thank_you: ThankYou, reader: Reader) -> Slip:
    """A thank-you that is owed; `when` is since when."""
    failed = thank_you.state == ThankYou.State.FAILED
    return Slip(
        **_base(thank_you, reader, "today-thank-you"),
        name=f"Thank {thank_you.contact.name}",
        what=thanked_for(thank_you),
        when=ago_words(reader.now - thank_you.owed_since),
        tag="failed" if failed else "",
        tag_tone="fail" if failed else "",
    )


def reward_slip(reward: Reward, reader: Reader) -> Slip:
    """A reward that waits for approval."""
    return Slip(
        **_base(reward, reader, "today-reward"),
        name=f"Approve {worth(reward)}",
        what=f"for {beneficiary(reward)}",
        when=ago_words(reader.now - reward.granted_at),
    )


def response_of(ask: Ask) -> Response | None:
    """The answer that led to the ask."""
    return ask.moment.response if ask.moment else None


def score_tone(response: Response | None) -> str:
    """Passive and critical answers are toned down; see the component `score`."""
    if response is None or response.is_high:
        return ""
    return "low" if response.is_low else "mid"


def plan_words(ask: Ask, reader: Reader) -> str:
    """What happens if nobody does anything."""
    if ask.send_at and ask.send_at > reader.now:
        return f"Goes out by itself at {clock_words(ask.send_at, zone=reader.zone, now=reader.now)}."
    return "Waits for you. Nothing goes out by itself."


def thanked_for(thank_you: ThankYou) -> str:
    """ "Tarn & Co became a customer", "for introducing Kim Park"."""
    referral = thank_you.referral
    if referral is None or thank_you.occasion not in _THANKED_FOR:
        return thank_you.get_occasion_display().lower()
    return _THANKED_FOR[ThankYou.Occasion(thank_you.occasion)].format(referral.referee_name)


def worth(reward: Reward) -> str:
    """ "$500", or "handwritten note" where there is no amount."""
    if not reward.amount_minor:
        return str(reward.get_kind_display()).lower()
    return money_words(Money(reward.amount_minor, reward.currency))


def beneficiary(reward: Reward) -> str:
    """Who gets it: a person, else their company."""
    return str(reward.contact or reward.company)


def span_words(span: timedelta) -> str:
    """ "22 h 06", "54 min", "3 days"; a span below zero is "late by 40 min". The script says it in the same words."""
    minutes = int(abs(span).total_seconds() // 60)
    hours, rest = divmod(minutes, 60)
    if hours >= 48:
        words = f"{hours // 24} days"
    else:
        words = f"{hours} h {rest:02d}" if hours else f"{minutes} min"
    return words if span >= timedelta() else f"late by {words}"


def ago_words(span: timedelta) -> str:
    """ "just now", "12 min ago", "2 h 05 ago", "19 days"."""
    if span < timedelta(minutes=1):
        return "just now"
    return span_words(span) if span >= timedelta(hours=48) else f"{span_words(span)} ago"


def _base(row: TenantModel, reader: Reader, url_name: str) -> dict[str, Any]:
    href = reverse(url_name, args=[reader.slug, row.public_id])
    return {"id": f"slip-{row.public_id}", "href": href}


def _company_of(ask: Ask) -> str:
    return ask.contact.company.name if ask.contact.company else ""


def _hours_gone(ask: Ask, now: datetime) -> float:
    return min(max((now - ask.responded_at) / timedelta(hours=1), 0), 24)


def _because(ask: Ask, response: Response | None, reader: Reader) -> str:
    if response is not None:
        metric = response.get_metric_display()
        return f"{metric}." if response.metric == Metric.NPS else f"{metric}, {response.score} of {_end(response)}."
    # Without the right to see scores nobody learns from the row that there was one.
    if ask.moment is None or not reader.sees_scores or is_by_hand(ask):
        return ""
    return f"{ask.moment.get_kind_display()}."


def _end(response: Response) -> int:
    return _SCALE_ENDS[Metric(response.metric)]


def _need(ask: Ask, reader: Reader) -> tuple[str, str, str]:
    """What the ask needs, the tag and its tone; without a tag the time left is shown."""
    if ask.state == Ask.State.UNCONFIRMED:
        return "did it arrive?", "unconfirmed", "info"
    if ask.state == Ask.State.FAILED:
        return "was not reached", "failed", "fail"
    if ask.state == Ask.State.EXPIRED:
        return f"missed {ago_words(reader.now - ask.deadline_at)}", "late", "low"
    if is_call(ask):
        return "has no e-mail, call them" if not ask.contact.email else "wants a call", "", ""
    return _missing(ask), "stopped", "low"


def _missing(ask: Ask) -> str:
    token = ask.problems[0].get("token") or ""
    return "needs an outcome" if token.startswith("outcome.") else "cannot go out as it is"
