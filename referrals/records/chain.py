"""What led to what: answer, moment, ask, visit, referral, reward, thank-you. Each knot is a record."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.text import Truncator

from accounts.customers.models import Company, Contact
from accounts.tenancy import money
from accounts.tenancy.models import Workspace
from accounts.tenancy.money import Money
from feedback.responses.models import Response
from referrals.asks.models import Ask
from referrals.links.models import Visit
from referrals.pipeline.models import Referral
from rewards.grants.models import Reward

_ASK_WORDS = {
    Ask.State.QUEUED: "Ask waits on the desk",
    Ask.State.SENDING: "Ask on its way",
    Ask.State.SENT: "Asked",
    Ask.State.ANSWERED: "Asked",
    Ask.State.UNCONFIRMED: "Ask unconfirmed",
    Ask.State.SKIPPED: "Ask skipped",
    Ask.State.FAILED: "Ask failed",
    Ask.State.EXPIRED: "Ask missed",
}
_OWED_REWARDS = (Reward.State.HELD, Reward.State.PENDING_APPROVAL, Reward.State.APPROVED, Reward.State.PAYING)


@dataclass(frozen=True, slots=True)
class Knot:
    """One knot of the thread; `gap` is the time to the next in words, `kind` first, peak, owed or nothing."""

    title: str
    at: datetime | None
    href: str = ""
    text: str = ""
    kind: str = ""
    gap: str = ""


def of_contact(*, workspace: Workspace, contact: Contact, sees_scores: bool) -> list[Knot]:
    """The furthest story of a person: a won referral first, else the newest, else their latest ask or answer."""
    referral = _furthest(workspace, referrer=contact)
    if referral is not None:
        return of_referral(workspace=workspace, referral=referral, sees_scores=sees_scores)
    ask = _asks(workspace).filter(contact=contact).order_by("-queued_at").first()
    if ask is not None:
        return of_ask(workspace=workspace, ask=ask, sees_scores=sees_scores)
    return of_response(
        workspace=workspace, response=_latest_answer(workspace, contact=contact), sees_scores=sees_scores
    )


def of_company(*, workspace: Workspace, company: Company, sees_scores: bool) -> list[Knot]:
    """The furthest story of a company's people."""
    referral = _furthest(workspace, referrer__company=company)
    if referral is not None:
        return of_referral(workspace=workspace, referral=referral, sees_scores=sees_scores)
    ask = _asks(workspace).filter(contact__company=company).order_by("-queued_at").first()
    if ask is not None:
        return of_ask(workspace=workspace, ask=ask, sees_scores=sees_scores)
    return of_response(
        workspace=workspace, response=_latest_answer(workspace, company=company), sees_scores=sees_scores
    )


def of_response(*, workspace: Workspace, response: Response | None, sees_scores: bool) -> list[Knot]:
    """The answer, and the ask it led to with what followed."""
    if response is None:
        return []
    ask = _asks(workspace).filter(moment__response=response).first()
    if ask is not None:
        return of_ask(workspace=workspace, ask=ask, sees_scores=sees_scores)
    return _tied(_answer_knots(workspace, response, sees_scores))


def of_ask(*, workspace: Workspace, ask: Ask, sees_scores: bool) -> list[Knot]:
    """The answer behind an ask, the ask, and the referral it led to with what followed."""
    referral = _furthest(workspace, ask=ask)
    if referral is not None:
        return of_referral(workspace=workspace, referral=referral, sees_scores=sees_scores)
    return _tied([*_cause_knots(workspace, ask, sees_scores), *_ask_knots(workspace, ask)])


def of_referral(*, workspace: Workspace, referral: Referral, sees_scores: bool) -> list[Knot]:
    """The whole story of one referral."""
    knots: list[Knot] = []
    ask = _ask_before(workspace, referral)
    if ask is not None:
        knots += [*_cause_knots(workspace, ask, sees_scores), *_ask_knots(workspace, ask)]
    knots += _visit_knots(workspace, referral)
    knots += _referral_knots(workspace, referral)
    knots += _reward_knots(workspace, referral)
    knots += _thank_you_knots(workspace, referral)
    return _tied(knots)


def _furthest(workspace: Workspace, **found: object) -> Referral | None:
    rows = workspace.referrals.filter(**found).select_related("referrer", "link")
    return rows.order_by("won_at", "-created_at", "-pk").first()


def _asks(workspace: Workspace) -> "QuerySet[Ask]":
    return workspace.asks.select_related("contact", "moment__response", "sender")


def _latest_answer(workspace: Workspace, **found: object) -> Response | None:
    return workspace.responses.filter(**found).order_by("-responded_at", "-pk").first()


def _ask_before(workspace: Workspace, referral: Referral) -> Ask | None:
    """The ask the referral names, else the last one to its referrer that was made before it."""
    if referral.ask_id:
        return _asks(workspace).filter(pk=referral.ask_id).first()
    if referral.referrer_id is None:
        return None
    rows = _asks(workspace).filter(contact_id=referral.referrer_id, queued_at__lte=referral.created_at)
    return rows.filter(state__in=[Ask.State.SENT, Ask.State.ANSWERED]).order_by("-queued_at").first()


def _cause_knots(workspace: Workspace, ask: Ask, sees_scores: bool) -> list[Knot]:
    moment = ask.moment
    if moment is None:
        return []
    if moment.response is not None:
        return _answer_knots(workspace, moment.response, sees_scores)
    href = reverse("contact-record", args=[workspace.slug, ask.contact.public_id])
    return [Knot(moment.get_kind_display(), moment.occurred_at, href, moment.detail, kind="first")]


def _answer_knots(workspace: Workspace, response: Response, sees_scores: bool) -> list[Knot]:
    href = reverse("response-record", args=[workspace.slug, response.public_id])
    title = f"Said {response.score}" if sees_scores else "Answered a survey"
    said = f"“{Truncator(response.comment).words(14)}”" if sees_scores and response.comment else ""
    return [Knot(title, response.responded_at, href, said or response.get_metric_display(), kind="first")]


def _ask_knots(workspace: Workspace, ask: Ask) -> list[Knot]:
    href = reverse("ask-record", args=[workspace.slug, ask.public_id])
    who = f"by {ask.sender.name}" if ask.sender else ""
    how = "by hand" if ask.sent_by_person else "went out by itself" if ask.sent_at else ask.ended_reason
    is_open = ask.state in (Ask.State.QUEUED, Ask.State.SENDING, Ask.State.UNCONFIRMED)
    text = ", ".join(filter(None, [who, how]))
    at = ask.sent_at or (ask.deadline_at if is_open else ask.queued_at)
    knots = [Knot(_ASK_WORDS[Ask.State(ask.state)], at, href, text, kind="owed" if is_open else "")]
    if ask.answer:
        knots.append(Knot(ask.get_answer_display(), ask.answered_at, href))
    return knots


def _visit_knots(workspace: Workspace, referral: Referral) -> list[Knot]:
    if referral.link_id is None or referral.referrer is None:
        return []
    rows = Visit.objects.filter(workspace=workspace, link_id=referral.link_id, is_bot=False)
    own = rows.filter(visitor_id=referral.visitor_id) if referral.visitor_id else rows.none()
    visit = own.order_by("at").first() or rows.filter(at__lte=referral.created_at).order_by("-at").first()
    if visit is None:
        return []
    href = reverse("contact-record", args=[workspace.slug, referral.referrer.public_id])
    return [Knot("Opened the link", visit.at, href, f"of {referral.referrer.first_name or referral.referrer.name}")]


def _referral_knots(workspace: Workspace, referral: Referral) -> list[Knot]:
    href = reverse("referral-record", args=[workspace.slug, referral.public_id])
    who = ", ".join(filter(None, [referral.referee_name, referral.referee_company_name]))
    knots = [Knot("Referral", referral.created_at, href, who)]
    stage = Referral.Stage(referral.stage)
    if stage == Referral.Stage.WON and referral.deal_value_minor:
        worth = money.format(Money(referral.deal_value_minor, referral.deal_currency))
        knots.append(Knot(f"Won {worth}", referral.won_at, href, kind="peak"))
    elif stage not in (Referral.Stage.NAMED, Referral.Stage.NEW):
        knots.append(Knot(stage.label, referral.stage_changed_at, href, referral.lost_reason))
    return knots


def _reward_knots(workspace: Workspace, referral: Referral) -> list[Knot]:
    knots = []
    for reward in workspace.rewards.filter(source_id=referral.pk).order_by("granted_at", "pk"):
        what = (
            money.format(Money(reward.amount_minor, reward.currency))
            if reward.amount_minor
            else reward.get_kind_display()
        )
        knots.append(
            Knot(
                f"Reward {what}",
                reward.paid_at or reward.granted_at,
                reverse("reward-record", args=[workspace.slug, reward.public_id]),
                reward.get_state_display().lower(),
                kind="owed" if reward.state in _OWED_REWARDS else "",
            )
        )
    return knots


def _thank_you_knots(workspace: Workspace, referral: Referral) -> list[Knot]:
    href = reverse("contact-record", args=[workspace.slug, referral.referrer.public_id]) if referral.referrer else ""
    return [
        Knot(
            "Thank-you",
            thanks.sent_at or thanks.due_at,
            href,
            f"{thanks.get_occasion_display().lower()}: {thanks.get_state_display().lower()}",
            kind="" if thanks.sent_at else "owed",
        )
        for thanks in workspace.thank_yous.filter(referral=referral).order_by("owed_since", "pk")
    ]


def _tied(knots: list[Knot]) -> list[Knot]:
    """In the order of time, with the time between two knots written on the line."""
    done = [knot for knot in knots if knot.kind != "owed"]
    owed = [knot for knot in knots if knot.kind == "owed"]
    ordered = [*sorted(done, key=lambda knot: (knot.at is None, knot.at)), *owed]
    tied = []
    for knot, following in zip(ordered, [*ordered[1:], None], strict=True):
        gap = between(knot.at, following.at) if following and following.kind != "owed" else ""
        tied.append(replace(knot, gap=gap))
    return tied


def between(earlier: datetime | None, later: datetime | None) -> str:
    """ "14 min", "5 h", "52 days"; nothing where one is unknown."""
    if earlier is None or later is None:
        return ""
    span = max(later - earlier, timedelta(0))
    minutes = int(span.total_seconds() // 60)
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h"
    return f"{span.days} days"
