"""How long a contact is left alone after an ask (product.md section 3). The contact must be locked."""

from datetime import datetime, timedelta

from accounts.customers import actions as customers
from accounts.customers.models import Contact
from referrals.asks.models import Ask

AFTER_SILENCE = timedelta(days=180)
AFTER_AN_ANSWER = timedelta(days=90)
AFTER_A_NO = timedelta(days=365)
SILENCE, ANSWERED, DECLINED, SNOOZED = "silence", "answered", "declined", "snoozed"


def after_sending(*, contact: Contact, sent_at: datetime) -> None:
    """Until they answer, they are left alone as if they never did."""
    customers.set_rest(contact=contact, until=sent_at + AFTER_SILENCE, reason=SILENCE)


def after_answer(*, contact: Contact, answer: str, now: datetime) -> None:
    """Any answer ends a row of silences."""
    contact.silences = 0
    contact.save(update_fields=["silences", "asked_at", "updated_at"])
    if answer in (Ask.Answer.DECLINED, Ask.Answer.NOT_ALLOWED):
        customers.set_rest(contact=contact, until=now + AFTER_A_NO, reason=DECLINED)
    else:
        reason = SNOOZED if answer == Ask.Answer.SNOOZED else ANSWERED
        customers.set_rest(contact=contact, until=now + AFTER_AN_ANSWER, reason=reason)


def lift_silence(*, contact: Contact) -> None:
    """The mail never arrived, so there was nothing to be silent about."""
    customers.lift_rest(contact=contact, reason=SILENCE)
