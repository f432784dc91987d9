"""Acme in the week of NOW, Tuesday 17 November 2026."""

from datetime import timedelta

import pytest

from accounts.events import actions as events
from accounts.tenancy.actor import SYSTEM
from tests.factories import accounts as make
from tests.factories import feedback as said
from tests.factories import referrals as refer
from tests.factories.accounts import NOW

WEEK = timedelta(days=7)


@pytest.fixture
def program(in_acme):
    return refer.ProgramFactory(workspace=in_acme)


@pytest.fixture
def jamie(in_acme, ana):
    return make.ContactFactory(workspace=in_acme, company__owner=ana)


@pytest.fixture
def asked(in_acme, program):
    """`asked(at, after=timedelta)` somebody of their own; `after=None`: missed."""

    def asked(at=NOW - timedelta(hours=20), *, after=timedelta(hours=1), **fields):
        contact = make.ContactFactory(workspace=in_acme)
        link = refer.LinkFactory(contact=contact, program=program)
        response = said.ResponseFactory(contact=contact, responded_at=at, received_at=at)
        moment = said.MomentFactory(response=response, occurred_at=at)
        times = {"responded_at": at, "queued_at": at, "deadline_at": at + timedelta(hours=24)}
        sent = {"state": "sent", "sent_at": at + after} if after is not None else {"state": "expired"}
        return refer.AskFactory(link=link, moment=moment, **{**times, **sent, **fields})

    return asked


@pytest.fixture
def referred(jamie, program):
    """`referred(at, stage="won", ...)`."""
    link = refer.LinkFactory(contact=jamie, program=program)

    def referred(at=NOW - timedelta(hours=20), **fields):
        return refer.ReferralFactory(link=link, created_at=at, **{"stage_changed_at": at, **fields})

    return referred


@pytest.fixture
def moved(in_acme):
    """The fact that a referral moved."""

    def moved(referral, stage, at):
        data = {"stage": stage}
        events.record(
            workspace_id=in_acme.pk, type="referral.stage_changed", subject=referral, by=SYSTEM, now=at, data=data
        )

    return moved
