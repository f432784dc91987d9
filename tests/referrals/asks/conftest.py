"""Acme asks Jamie at Northwind, whose owner is Ana."""

from datetime import timedelta

import pytest

from accounts.mail.models import Message
from accounts.mail.signals import Settled, messages_settled
from accounts.tenancy.actor import SYSTEM, Actor, ActorKind
from referrals.asks import actions as asks
from tests.factories import accounts as make
from tests.factories import feedback as said
from tests.factories import referrals as refer
from tests.factories.accounts import NOW


@pytest.fixture
def northwind(in_acme, ana):
    return make.CompanyFactory(workspace=in_acme, owner=ana)


@pytest.fixture
def jamie(northwind):
    return make.ContactFactory(workspace=northwind.workspace, company=northwind, email="jamie@northwind.example")


@pytest.fixture
def by_jamie(jamie):
    return Actor(ActorKind.CONTACT, jamie.pk)


@pytest.fixture
def program(in_acme):
    return refer.ProgramFactory(workspace=in_acme)


@pytest.fixture
def queue(in_acme, program):
    """Queue an ask because of a ten given at NOW: `queue(contact, now=..., **fields of the moment's answer)`."""

    def queue(contact, *, now=NOW, responded_at=NOW, program=program, **options):
        response = said.ResponseFactory(contact=contact, responded_at=responded_at, received_at=now)
        moment = said.MomentFactory(response=response, occurred_at=responded_at)
        return asks.queue(
            workspace=in_acme,
            contact=contact,
            moment=moment,
            program=program,
            also_matched=[],
            verdict={"ok": True, "reasons": []},
            responded_at=responded_at,
            now=now,
            by=options.get("by", SYSTEM),
        )

    return queue


@pytest.fixture
def settled(in_acme):
    """Play the dispatcher: end the mail of an ask and tell the receivers."""

    def settled(message, state, *, at=NOW + timedelta(hours=5), error=""):
        message.refresh_from_db()
        message.state, message.error = state, error
        message.sent_at = at if state == "sent" else None
        message.save()
        end = Settled(message.pk, message.key, message.kind, state, at, error, message.rfc_message_id)
        answers = messages_settled.send_robust(sender=Message, workspace=in_acme, settled=[end], now=at)
        assert [answer for _receiver, answer in answers if isinstance(answer, Exception)] == []

    return settled
