from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from uuid_utils.compat import uuid7

from accounts.events.models import Event
from accounts.notices.models import Notice
from accounts.tenancy.actor import SYSTEM, Actor, ActorKind
from accounts.tenancy.scope import workspace_scope
from rewards.grants import actions as grants
from rewards.grants.errors import RewardNotApproved, RewardNotOpen, RewardNotPending, SecondPersonNeeded
from rewards.grants.models import Reward
from rewards.ledger.queries import differences
from tests.factories import accounts as make
from tests.factories import rewards as owe
from tests.factories.accounts import NOW

KEY = Actor(ActorKind.API_KEY, uuid7())


@pytest.fixture
def jamie(in_acme):
    return make.ContactFactory(workspace=in_acme)


def grant(jamie, key="referral:1:referrer", by=SYSTEM, **fields):
    wanted = {"side": "referrer", "trigger": "won", "contact": jamie, "company": jamie.company, **fields}
    return grants.grant(
        workspace=jamie.workspace, source_key=key, source_id=uuid7(), by=by, now=NOW, **wanted
    )  # fmt: skip


def books(workspace):
    rows = workspace.ledger_accounts.exclude(balance_minor=0)
    return {row.code: row.balance_minor for row in rows}


def test_a_grant_holds_the_reward_and_owes_it_at_once(in_acme, jamie):
    rule = owe.RewardRuleFactory(workspace=in_acme)

    reward = grant(jamie)

    assert (reward.state, reward.rule, reward.contact, reward.company, reward.amount_minor) == (
        "held", rule, jamie, None, 50_000,
    )  # fmt: skip
    assert reward.hold_until == NOW + timedelta(days=30)
    assert reward.sentence == (
        "You get a gift card of $500 by 24 December 2026, because the person you introduced has become a customer."
    )
    assert books(in_acme) == {"expense": 50_000, "payable": -50_000}


def test_the_same_source_is_granted_once(in_acme, jamie):
    owe.RewardRuleFactory(workspace=in_acme)

    first, again = grant(jamie), grant(jamie)

    assert again.pk == first.pk
    assert books(in_acme) == {"expense": 50_000, "payable": -50_000}
    assert Event.objects.filter(workspace=in_acme, type="reward.granted").count() == 1


def test_nothing_is_owed_without_a_rule_or_for_just_thanks(in_acme, jamie):
    assert grant(jamie) is None
    owe.RewardRuleFactory(workspace=in_acme, kind="thanks", amount_minor=0)
    assert grant(jamie) is None
    assert in_acme.rewards.count() == 0


def test_another_trigger_or_side_grants_nothing(in_acme, jamie):
    owe.RewardRuleFactory(workspace=in_acme)

    assert (grant(jamie, trigger="met"), grant(jamie, side="referee")) == (None, None)


def test_an_employer_who_forbids_gifts_gets_credit_and_the_person_nothing(in_acme, jamie):
    jamie.company.gift_policy = "forbidden"
    jamie.company.save()
    rule = owe.RewardRuleFactory(workspace=in_acme)
    assert grant(jamie) is None

    rule.kind = "account_credit"
    rule.save()
    credit = grant(jamie)

    assert (credit.contact, credit.company, credit.state) == (None, jamie.company, "pending_approval")


def test_a_note_is_due_at_once_and_moves_no_money(in_acme, jamie):
    owe.RewardRuleFactory(workspace=in_acme, kind="note", amount_minor=0)

    reward = grant(jamie)

    assert (reward.state, in_acme.ledger_entries.count()) == ("pending_approval", 0)


def test_a_held_reward_comes_to_a_person_when_its_time_has_come(in_acme, jamie):
    owe.RewardRuleFactory(workspace=in_acme)
    reward = grant(jamie)

    assert grants.release_due(workspace=in_acme, now=NOW + timedelta(days=29)) == 0
    with pytest.raises(RewardNotPending):
        grants.approve(reward=reward, by=KEY, now=NOW)
    assert grants.release_due(workspace=in_acme, now=NOW + timedelta(days=30)) == 1
    assert grants.release_due(workspace=in_acme, now=NOW + timedelta(days=30)) == 0

    reward.refresh_from_db()
    assert reward.state == "pending_approval"


def test_up_to_the_limit_one_member_or_key_is_enough(jamie, by_ana):
    owe.RewardRuleFactory(workspace=jamie.workspace, hold_days=0, amount_minor=50_000)

    by_key = grants.approve(reward=grant(jamie, "a", by=by_ana), by=KEY, now=NOW)
    by_herself = grants.approve(reward=grant(jamie, "b", by=by_ana), by=by_ana, now=NOW)

    assert [(r.state, r.approved_by_kind) for r in (by_key, by_herself)] == [
        ("approved", "api_key"),
        ("approved", "member"),
    ]


@pytest.mark.parametrize("fields", [{"amount_minor": 50_001}, {"amount_minor": 1, "currency": "EUR"}])
def test_above_the_limit_or_in_another_currency_four_eyes_are_needed(jamie, by_ana, fields):
    owe.RewardRuleFactory(workspace=jamie.workspace, hold_days=0, **fields)
    reward = grant(jamie, by=by_ana)

    for one in (KEY, by_ana, SYSTEM):
        with pytest.raises(SecondPersonNeeded):
            grants.approve(reward=reward, by=one, now=NOW)
    second = make.MemberFactory(workspace=jamie.workspace, role="finance")
    approved = grants.approve(reward=reward, by=Actor(ActorKind.MEMBER, second.pk), now=NOW)

    assert (approved.state, approved.approved_by_id) == ("approved", second.pk)


def test_approving_twice_is_refused(in_acme, jamie):
    reward = owe.RewardFactory(contact=jamie)
    grants.approve(reward=reward, by=KEY, now=NOW)

    with pytest.raises(RewardNotPending, match="This reward is “approved”"):
        grants.approve(reward=reward, by=KEY, now=NOW)


def test_paying_by_hand_needs_an_approval_and_happens_once(in_acme, jamie, by_ana):
    owe.RewardRuleFactory(workspace=in_acme, hold_days=0, amount_minor=20_000)
    reward = grant(jamie)
    with pytest.raises(RewardNotApproved):
        grants.fulfil(reward=reward, by=by_ana, now=NOW)
    grants.approve(reward=reward, by=by_ana, now=NOW)

    paid = grants.fulfil(reward=reward, by=by_ana, now=NOW, note="Card handed over at dinner")
    with pytest.raises(RewardNotApproved):
        grants.fulfil(reward=reward, by=by_ana, now=NOW)

    assert (paid.state, paid.paid_at, paid.paid_note) == ("paid", NOW, "Card handed over at dinner")
    assert books(in_acme) == {"expense": 20_000, "cash": -20_000}
    assert differences(in_acme) == []
    kinds = list(in_acme.ledger_entries.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["accrual", "payment"]


def test_cancelling_takes_back_what_was_owed(in_acme, jamie, by_ana):
    owe.RewardRuleFactory(workspace=in_acme)
    reward = grant(jamie)

    cancelled = grants.cancel(reward=reward, by=by_ana, now=NOW, reason="They asked for it")
    with pytest.raises(RewardNotOpen):
        grants.cancel(reward=reward, by=by_ana, now=NOW)

    assert (cancelled.state, cancelled.ended_reason, books(in_acme)) == ("cancelled", "They asked for it", {})
    assert list(in_acme.ledger_entries.order_by("pk").values_list("kind", flat=True)) == ["accrual", "reversal"]


def test_a_paid_reward_is_not_cancelled(in_acme, jamie, by_ana):
    reward = owe.RewardFactory(contact=jamie, amount_minor=0, kind="note")
    grants.approve(reward=reward, by=by_ana, now=NOW)
    grants.fulfil(reward=reward, by=by_ana, now=NOW)

    with pytest.raises(RewardNotOpen):
        grants.cancel(reward=reward, by=by_ana, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_of_twenty_approvals_at_once_one_counts(acme):
    with workspace_scope(acme.pk):
        reward = owe.RewardFactory(contact__workspace=acme)

    def approve(_number):
        try:
            with workspace_scope(acme.pk):
                grants.approve(reward=Reward.objects.get(pk=reward.pk), by=KEY, now=NOW)
        except RewardNotPending:
            return 0
        else:
            return 1
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        approved = sum(pool.map(approve, range(20)))

    with workspace_scope(acme.pk):
        assert approved == 1
        assert Event.objects.filter(workspace=acme, type="reward.approved").count() == 1


def test_who_approves_is_told_and_hears_no_more_once_it_is_decided(in_acme, ana, by_ana):
    reward = owe.RewardFactory(contact=make.ContactFactory(workspace=in_acme), state="held", hold_until=NOW)
    grants.release_due(workspace=in_acme, now=NOW)
    grants.release_due(workspace=in_acme, now=NOW)
    notice = Notice.objects.get()
    assert (notice.member, notice.kind, notice.title) == (ana, "approval", "Approve $200 for Jamie Okafor")

    grants.approve(reward=reward, by=by_ana, now=NOW)

    notice.refresh_from_db()
    assert notice.read_at == NOW
