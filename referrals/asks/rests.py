"""How long a contact is left alone after an ask (product.md section 3). The contact must be locked."""

from datetime import datetime, timedelta

from accounts.customers.models import Contact
from referrals.asks.models import Ask

AFTER_SILENCE = timedelta(days=180)
AFTER_AN_ANSWER = timedelta(days=90)
AFTER_A_NO = timedelta(days=365)
SILENCE, ANSWERED, DECLINED, SNOOZED = "silence", "answered", "declined", "snoozed"


def after_sending(*, contact: Contact, sent_at: datetime) -> None:
    """Until they answer, they are left alone as if they never did."""
    _rest(contact, sent_at + AFTER_SILENCE, SILENCE)


def after_answer(*, contact: Contact, answer: str, now: datetime) -> None:
    """Any answer ends a row of silences."""
    contact.silences = 0
    if answer in (Ask.Answer.DECLINED, Ask.Answer.NOT_ALLOWED):
        _rest(contact, now + AFTER_A_NO, DECLINED)
    else:
        _rest(contact, now + AFTER_AN_ANSWER, SNOOZED if answer == Ask.Answer.SNOOZED else ANSWERED)


def lift_silence(*, contact: Contact) -> None:
    """The mail never arrived, so there was nothing to be silent about."""
    if contact.rest_reason == SILENCE:
        _rest(contact, None, "")


def _rest(contact: Contact, until: datetime | None, reason: str) -> None:
    contact.rest_until, contact.rest_reason = until, reason
    contact.save(update_fields=["rest_until", "rest_reason", "silences", "asked_at", "updated_at"])
