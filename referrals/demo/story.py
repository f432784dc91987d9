"""What happened at Marlow: praise, asks, introductions, a won deal, and what is owed for it."""

from datetime import datetime, timedelta
from uuid import UUID

from accounts.mail import recording
from accounts.mail.models import Message
from accounts.mail.signals import Settled
from accounts.tenancy.actor import SYSTEM, Actor, ActorKind
from accounts.tenancy.money import Money
from feedback.responses.actions import Answer
from referrals.asks import actions as asks
from referrals.asks import intake
from referrals.asks.models import Ask
from referrals.demo.stage import Stage
from referrals.links.models import Visit
from referrals.pipeline import actions as pipeline
from referrals.pipeline.models import Referral
from referrals.pipeline.referee import Referee
from referrals.thanks import actions as thanks
from referrals.thanks.models import ThankYou
from rewards.grants import actions as grants


def play(stage: Stage, now: datetime) -> None:
    """The scenes of the last eleven weeks, oldest first, up to this morning."""
    _priya_brought_tarn(stage, now)
    _daniel_introduced_nora(stage, now)
    _grace_shared(stage, now)
    _yuki_declined(stage, now)
    _this_morning(stage, now)


def _priya_brought_tarn(stage: Stage, now: datetime) -> None:
    """From a 10 to $48,000 in 56 days; the reward waits for approval, the personal thank-you is owed."""
    at = now - timedelta(days=76, hours=3)
    ask = _asked(stage, "priya", 10, "Best decision we made last year.", at, by="alex", after=timedelta(hours=2))
    asks.answer(ask=ask, answer=Ask.Answer.SHARED, by=_self(ask), now=at + timedelta(hours=7))
    visit_at = at + timedelta(days=4)
    _visit(stage, ask, visit_at)
    owen = Referee("Owen Castell", "owen@tarn.example", "", "Head of Finance", "Tarn & Co", "tarn.example")
    referral = _referred(stage, ask, owen, "link", visit_at + timedelta(minutes=14), words="")
    sales = stage.by("ben")
    _thanked(stage, referral, ThankYou.Occasion.INTRODUCTION, by="alex", at=visit_at + timedelta(hours=20))
    steps = (("contacted", 1), ("meeting_booked", 2), ("met", 3), ("qualified", 10))
    for step, days in steps:
        pipeline.move(referral=referral, stage=step, by=sales, now=visit_at + timedelta(days=days))
    _thanked(stage, referral, ThankYou.Occasion.MET, by="alex", at=visit_at + timedelta(days=3, hours=18))
    won_at = now - timedelta(days=19)
    pipeline.move(referral=referral, stage="won", deal_value=Money(4_800_000, "USD"), by=sales, now=won_at)
    grants.release_due(workspace=stage.workspace, now=now)


def _daniel_introduced_nora(stage: Stage, now: datetime) -> None:
    """An introduction in his own words; she is being talked to."""
    at = now - timedelta(days=24, hours=1)
    comment = "Controlling without night shifts."
    ask = _asked(stage, "daniel", 9, comment, at, by="sofia", after=timedelta(hours=4))
    later = at + timedelta(days=1)
    asks.answer(ask=ask, answer=Ask.Answer.INTRODUCED, by=_self(ask), now=later)
    nora = Referee("Nora Feld", "nora@ferrow.example", "", "Finance Lead", "Ferrow", "ferrow.example")
    words = "Nora, you asked how we got rid of the shadow spreadsheets. Talk to Sofia."
    referral = _referred(stage, ask, nora, "introduction", later, words=words, relation="Former colleague")
    _thanked(stage, referral, ThankYou.Occasion.INTRODUCTION, by="sofia", at=later + timedelta(hours=3))
    pipeline.move(referral=referral, stage="contacted", by=stage.by("sofia"), now=later + timedelta(days=1))


def _grace_shared(stage: Stage, now: datetime) -> None:
    """A fresh request for a call, twelve minutes old."""
    at = now - timedelta(days=9)
    ask = _asked(stage, "grace", 10, "Month-end is a normal day.", at, by="sofia", after=timedelta(hours=6))
    asks.answer(ask=ask, answer=Ask.Answer.SHARED, by=_self(ask), now=at + timedelta(days=1))
    for hours in (30, 55, 80):
        _visit(stage, ask, at + timedelta(hours=hours))
    wanda = Referee("Wanda Ochs", "wanda@millrace.example", "+1 312 555 0142", "Controller", "Millrace", "")
    _referred(stage, ask, wanda, "link", now - timedelta(minutes=12), words="", wishes="We close in eight days.")


def _yuki_declined(stage: Stage, now: datetime) -> None:
    at = now - timedelta(days=33)
    ask = _asked(stage, "yuki", 10, "Fast answers, real people.", at, by="alex", after=timedelta(hours=1))
    asks.answer(ask=ask, answer=Ask.Answer.DECLINED, by=_self(ask), now=at + timedelta(days=2))


def _this_morning(stage: Stage, now: datetime) -> None:
    """What waits on the desk: a fresh 10, an executive to be asked by hand, a gap in a draft, a call, and a 3."""
    _said(stage, "jamie", "nps", 10, "We close the month in two days instead of five.", now - timedelta(hours=2))
    _said(stage, "marta", "nps", 9, "I stopped dreading the first of the month.", now - timedelta(hours=19, minutes=46))
    _said(stage, "tomas", "oes", 7, "Easiest onboarding we have had with anybody.", now - timedelta(minutes=28))
    _said(stage, "ines", "nps", 9, "The board pack writes itself.", now - timedelta(hours=4))
    _said(stage, "robert", "nps", 10, "Tell them I said so.", now - timedelta(hours=5))
    _said(stage, "lukas", "nps", 3, "The last update broke our export.", now - timedelta(hours=6))


def _said(stage: Stage, key: str, metric: str, score: int, comment: str, at: datetime) -> Ask | None:
    answer = Answer(metric, score, "page", at, comment=comment)
    contact = stage.people[key]
    by = Actor(ActorKind.CONTACT, contact.pk)
    taken = intake.take_in(workspace=stage.workspace, contact=contact, company=None, answer=answer, by=by, now=at)
    return taken.ask


def _asked(stage: Stage, key: str, score: int, comment: str, at: datetime, *, by: str, after: timedelta) -> Ask:
    """A 9 or 10 whose ask a person sent, and that arrived."""
    ask = _said(stage, key, "nps", score, comment, at)
    if ask is None:
        raise RuntimeError(f"The demo story needs an ask to {key}, but the gate said no.")
    sent = asks.send(ask=ask, by=stage.by(by), now=at + after)
    _delivered(stage, sent.message_id, at + after + timedelta(minutes=1))
    sent.refresh_from_db()
    return sent


def _thanked(stage: Stage, referral: Referral, occasion: str, *, by: str, at: datetime) -> None:
    """A thank-you that was sent in time, and arrived."""
    owed = stage.workspace.thank_yous.get(referral=referral, occasion=occasion)
    sent = thanks.send(thank_you=owed, by=stage.by(by), now=at)
    _delivered(stage, sent.message_id, at + timedelta(minutes=1))


def _delivered(stage: Stage, message_id: UUID | None, at: datetime) -> None:
    """The demo's mail never leaves the house: what was sent long ago is settled here, as the dispatcher would."""
    assert message_id is not None  # noqa: S101 -- what was sent has its mail
    message = stage.workspace.messages.get(pk=message_id)
    changes = {"state": Message.State.SENT, "sent_at": at, "attempts": 1, "transport": "kept"}
    stage.workspace.messages.filter(pk=message.pk).update(**changes)
    settled = Settled(message.pk, message.key, message.kind, "sent", at, "", message.rfc_message_id)
    recording.announce(stage.workspace, [settled])


def _referred(
    stage: Stage,
    ask: Ask,
    referee: Referee,
    source: str,
    at: datetime,
    *,
    words: str,
    relation: str = "",
    wishes: str = "",
) -> Referral:
    referral, _created = pipeline.create(
        workspace=stage.workspace,
        program=ask.program,
        referrer=ask.contact,
        link=ask.link,
        ask=ask,
        source=source,
        referee=referee,
        relation=relation,
        advocate_note=words,
        wishes=wishes,
        by=_self(ask) if source == "introduction" else SYSTEM,
        now=at,
    )
    # The row says when it was written, and that is today.
    stage.workspace.referrals.filter(pk=referral.pk).update(created_at=at)
    referral.created_at = at
    return referral


def _visit(stage: Stage, ask: Ask, at: datetime) -> None:
    Visit.objects.create(workspace=stage.workspace, link=ask.link, visitor_id=ask.pk, at=at)


def _self(ask: Ask) -> Actor:
    return Actor(ActorKind.CONTACT, ask.contact_id)
