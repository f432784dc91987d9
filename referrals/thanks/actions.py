"""Closing the loop: a thank-you is owed within a working day, said in a person's name, or skipped for a reason."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from accounts.customers import gate
from accounts.customers.models import Contact
from accounts.events import actions as events
from accounts.mail import confirming
from accounts.mail.errors import MailMovedOn
from accounts.mail.models import Message
from accounts.mail.signals import Settled
from accounts.tenancy import ids
from accounts.tenancy.actor import SYSTEM, Actor
from accounts.tenancy.errors import InvalidInput
from accounts.tenancy.models import Workspace
from referrals.asks import clock
from referrals.asks.calendars import calendar_of
from referrals.asks.senders import sender_for
from referrals.pipeline.models import Referral
from referrals.thanks import notices, post, texts
from referrals.thanks.errors import LeaveAlone, NotOwed, SayItInPerson
from referrals.thanks.models import ThankYou

State = ThankYou.State

# Still to be said: a mail that failed is said again by hand.
SAYABLE = (State.OWED, State.FAILED)
UNDER_WAY = (State.SENDING, State.UNCONFIRMED)


@transaction.atomic
def owe(
    *,
    workspace: Workspace,
    contact: Contact,
    referral: Referral | None,
    occasion: str,
    source_key: str,
    by: Actor,
    now: datetime,
) -> ThankYou:
    """Owe one thank-you, drafted and due one working day from now; the existing one for a known `source_key`."""
    sender = sender_for(workspace=workspace, contact=contact, now=now)
    facts = texts.Facts(
        advocate=contact.first_name,
        referee=_first_name(referral),
        sender=sender.first_name,
        workspace=workspace.name,
    )
    words = texts.write(occasion=occasion, facts=facts)
    zone, calendar = ZoneInfo(workspace.timezone), calendar_of(workspace, None)
    thank_you, created = ThankYou.objects.get_or_create(
        workspace=workspace,
        source_key=source_key,
        defaults={
            "contact": contact,
            "referral": referral,
            "occasion": occasion,
            "sender": sender.member,
            "subject": words.subject[:300],
            "body": words.body,
            "owed_since": now,
            "due_at": clock.add_working_days(now, 1, zone, calendar),
        },
    )
    if created:
        _record(thank_you, "thank_you.owed", by=by, now=now)
    return thank_you


@transaction.atomic
def send(
    *, thank_you: ThankYou, by: Actor, now: datetime, subject: str | None = None, body: str | None = None
) -> ThankYou:
    """Hand it to the mail, in the present words of a person where given.

    Raises NotOwed, SayItInPerson without an address, LeaveAlone where the gate says no, InvalidInput for no words.
    """
    for field, given in (("subject", subject), ("body", body)):
        if given is not None and not given.strip():
            raise InvalidInput("A thank-you needs words.", field=field)
    thank_you = _locked(thank_you, SAYABLE)
    workspace, contact = thank_you.workspace, thank_you.contact
    sender = sender_for(workspace=workspace, contact=contact, now=now)
    if not contact.email or not sender.email:
        raise SayItInPerson("There is no address to write to." if sender.email else "Nobody is named as sender.")
    verdict = gate.judge(workspace=workspace, contact=contact, purpose="thanks", now=now)
    if not verdict.ok:
        raise LeaveAlone.because(verdict)
    thank_you.subject = " ".join((subject or thank_you.subject).split())[:300]
    thank_you.body = body.strip() if body else thank_you.body
    thank_you.sender = sender.member
    thank_you.message = post.put(thank_you=thank_you, sender=sender, now=now)
    thank_you.state = State.SENDING
    thank_you.save()
    return thank_you


@transaction.atomic
def send_again(*, thank_you: ThankYou, message: Message, now: datetime) -> ThankYou:
    """The mail came back, or nobody heard what became of it: the same words go out once more, to the present address.

    Raises NotOwed, SayItInPerson without an address, LeaveAlone where the gate says no, MailMovedOn.
    """
    # The mail first: whoever records its late answer holds it and waits for the thank-you.
    message = thank_you.workspace.messages.select_for_update().get(pk=message.pk)
    thank_you = _locked(thank_you, (State.FAILED, State.UNCONFIRMED))
    workspace, contact = thank_you.workspace, thank_you.contact
    if not contact.email:
        raise SayItInPerson("There is no address to write to.")
    verdict = gate.judge(workspace=workspace, contact=contact, purpose="thanks", now=now)
    if not verdict.ok:
        raise LeaveAlone.because(verdict)
    due_at = now + clock.UNDO
    if not confirming.requeue(
        workspace=workspace,
        message_id=message.pk,
        to_email=contact.email,
        due_at=due_at,
        expires_at=due_at + clock.PROMISE,
    ):
        raise MailMovedOn.of(message)
    thank_you.state = State.SENDING
    thank_you.save(update_fields=["state", "updated_at"])
    return thank_you


@transaction.atomic
def mark_said(*, thank_you: ThankYou, by: Actor, now: datetime) -> ThankYou:
    """It was said in person, by card, or elsewhere. Raises NotOwed."""
    thank_you = _locked(thank_you, SAYABLE)
    _said(thank_you, at=now, by=by, now=now, channel="in_person")
    return thank_you


@transaction.atomic
def skip(*, thank_you: ThankYou, reason: str, by: Actor, now: datetime) -> ThankYou:
    """Leave it unsaid, with a reason. Raises NotOwed, InvalidInput without a reason."""
    if not reason.strip():
        raise InvalidInput("Say why nobody thanks them.", field="reason")
    thank_you = _locked(thank_you, SAYABLE)
    thank_you.state, thank_you.skip_reason = State.SKIPPED, reason.strip()[:240]
    thank_you.save(update_fields=["state", "skip_reason", "updated_at"])
    _record(thank_you, "thank_you.skipped", by=by, now=now, reason=thank_you.skip_reason)
    notices.put_away(thank_you=thank_you, now=now)
    return thank_you


@transaction.atomic
def settle(*, workspace: Workspace, settled: Sequence[Settled], now: datetime) -> int:
    """Write what became of the mails into their thank-yous; how many changed."""
    ends = {one.message_id: one for one in settled if one.kind == Message.Kind.THANKS}
    if not ends:
        return 0
    rows = workspace.thank_yous.select_for_update(of=("self",)).select_related("contact", "workspace", "referral")
    ours = list(rows.filter(message_id__in=ends, state__in=UNDER_WAY).order_by("pk"))
    for thank_you in ours:
        end = ends[thank_you.message_id]  # type: ignore[index]  # filtered by it
        if end.state == "sent":
            _said(thank_you, at=end.at, by=SYSTEM, now=now, channel="mail")
        else:
            _not_said(thank_you, end, now)
    return len(ours)


def note_bounce(*, workspace: Workspace, message_id: UUID, now: datetime) -> bool:
    """The mail of a thank-you came back: it was not said. True where one changed."""
    rows = workspace.thank_yous.select_for_update(of=("self",)).select_related("contact", "workspace", "referral")
    thank_you = rows.filter(message_id=message_id, state=State.SENT).first()
    if thank_you is None:
        return False
    thank_you.state = State.FAILED
    thank_you.save(update_fields=["state", "updated_at"])
    _record(thank_you, "thank_you.failed", by=SYSTEM, now=now)
    return True


def _not_said(thank_you: ThankYou, end: Settled, now: datetime) -> None:
    if end.state == "unconfirmed":
        thank_you.state = State.UNCONFIRMED
    elif end.state == "failed":
        thank_you.state = State.FAILED
    elif end.error == "suppressed":
        thank_you.state, thank_you.skip_reason = State.SKIPPED, "They asked for no more mail from us"
    else:
        # It could not leave in time: a person decides again.
        thank_you.state = State.OWED
    thank_you.save(update_fields=["state", "skip_reason", "updated_at"])
    _record(thank_you, f"thank_you.{thank_you.state}", by=SYSTEM, now=now)


def _said(thank_you: ThankYou, *, at: datetime, by: Actor, now: datetime, channel: str) -> None:
    thank_you.state, thank_you.sent_at = State.SENT, at
    thank_you.save(update_fields=["state", "sent_at", "updated_at"])
    waited = (at - thank_you.owed_since) // timedelta(minutes=1)
    _record(thank_you, "advocate.thanked", by=by, now=now, channel=channel, minutes_to_thank=waited)
    notices.put_away(thank_you=thank_you, now=now)


def _locked(thank_you: ThankYou, states: Sequence[str]) -> ThankYou:
    rows = ThankYou.objects.select_for_update(of=("self",)).select_related(
        "workspace", "contact__company__owner__deputy", "referral"
    )
    thank_you = rows.get(pk=thank_you.pk, workspace_id=thank_you.workspace_id)
    if thank_you.state not in states:
        raise NotOwed(f"This thank-you is “{thank_you.get_state_display().lower()}”.")
    return thank_you


def _first_name(referral: Referral | None) -> str:
    return referral.referee_name.split()[0] if referral and referral.referee_name.strip() else ""


def _record(thank_you: ThankYou, type_: str, *, by: Actor, now: datetime, **more: object) -> None:
    data = {
        "id": thank_you.public_id,
        "occasion": thank_you.occasion,
        "contact": ids.encode("con", thank_you.contact_id),
        "referral": ids.encode("ref", thank_you.referral_id) if thank_you.referral_id else None,
        **more,
    }
    events.record(
        workspace_id=thank_you.workspace_id,
        type=type_,
        subject=thank_you,
        by=by,
        now=now,
        data=data,
        contact_id=thank_you.contact_id,
        company_id=thank_you.contact.company_id,
    )
