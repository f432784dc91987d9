from datetime import timedelta

import pytest

from accounts.customers.models import CompanyDomain
from accounts.events.models import Event
from accounts.notices.models import Notice
from accounts.tenancy.actor import SYSTEM
from accounts.tenancy.errors import InvalidInput
from accounts.tenancy.money import Money
from referrals.pipeline import actions as pipeline
from referrals.pipeline.errors import MoveNotPossible
from rewards.grants.models import Reward
from tests.factories import accounts as make
from tests.factories import referrals as tell
from tests.factories import rewards as owe
from tests.referrals.pipeline.test_stages import MATRIX

NOW = make.NOW
VALUE = Money(1_200_000, "USD")


@pytest.fixture
def referral(in_acme):
    jamie = make.ContactFactory(workspace=in_acme)
    return tell.ReferralFactory(link__contact=jamie, referee_email="kim@globex.example")


def move(referral, stage, **fields):
    if stage == "won":
        fields.setdefault("deal_value", VALUE)
    return pipeline.move(referral=referral, stage=stage, **{"by": SYSTEM, "now": NOW, **fields})


def test_every_move_of_the_table_is_done_or_refused(referral):
    """Each pair of stages through the action itself, one referral after the other."""
    done = []
    for before, after, _allowed in MATRIX:
        given = {"won_at": NOW, "deal_value_minor": 5, "deal_currency": "USD"} if before == "won" else {}
        row = tell.ReferralFactory(link=referral.link, stage=before, **given)
        try:
            moved = move(row, after)
        except MoveNotPossible:
            row.refresh_from_db()
            done.append((before, after, False, row.stage == before))
        else:
            done.append((before, after, True, moved.stage == after))

    assert done == [(before, after, allowed, True) for before, after, allowed in MATRIX]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"stage": "won", "deal_value": None}, "deal_value"),
        ({"stage": "won", "deal_value": Money(0, "USD")}, "deal_value"),
        ({"stage": "met", "occurred_at": NOW + timedelta(minutes=6)}, "occurred_at"),
        ({"stage": "dreaming"}, "stage"),
    ],
)
def test_the_body_is_judged_before_the_move(in_acme, referral, fields, field):
    rejected = tell.ReferralFactory(link=referral.link, stage="rejected")
    for row in (referral, rejected):
        with pytest.raises(InvalidInput) as refused:
            move(row, **fields)
        assert refused.value.field == field


def test_a_won_referee_is_a_customer_who_came_by_referral(in_acme, referral):
    won = move(referral, "won", occurred_at=NOW - timedelta(days=2))

    kim, globex = won.referee_contact, won.referee_contact.company
    assert (won.won_at, won.deal_value_minor, won.deal_currency) == (NOW - timedelta(days=2), 1_200_000, "USD")
    assert (kim.first_name, kim.last_name, kim.email) == ("Kim", "Park", "kim@globex.example")
    assert (globex.name, globex.acquired_via, globex.referrer_hint, globex.customer_since) == (
        "Globex", "referral", "Jamie Okafor", NOW.date(),
    )  # fmt: skip
    assert [row.domain for row in globex.domains.all()] == ["globex.example"]


def test_a_won_referee_without_an_address_or_company_is_a_contact_all_the_same(in_acme, referral):
    row = tell.ReferralFactory(
        link=referral.link, referee_email="", referee_email_normalized=None, referee_phone="+49 30 1",
        referee_company_name="", referee_company_domain="",
    )  # fmt: skip

    kim = move(row, "won").referee_contact

    assert (kim.external_id, kim.phone, kim.email, kim.company) == (row.public_id, "+49 30 1", "", None)


def test_a_lapsed_customer_is_won_back_and_keeps_its_name_and_domains(in_acme, referral):
    old = make.CompanyFactory(workspace=in_acme, name="Globex Corp", churned_at=NOW - timedelta(days=90))
    for domain in ("globex.example", "globex.test"):
        CompanyDomain.objects.create(workspace=in_acme, company=old, domain=domain)

    won = move(referral, "won")

    old.refresh_from_db()
    assert (won.referee_contact.company, old.name, old.churned_at, old.acquired_via) == (
        old, "Globex Corp", None, "referral",
    )  # fmt: skip
    assert old.domains.count() == 2


def test_somebody_known_keeps_their_company_and_its_origin(in_acme, referral):
    company = make.CompanyFactory(workspace=in_acme, acquired_via="event")
    kim = make.ContactFactory(workspace=in_acme, company=company, email="kim@globex.example", first_name="Kimberly")

    won = move(referral, "won")

    company.refresh_from_db()
    assert (won.referee_contact, won.referee_contact.first_name, company.acquired_via) == (kim, "Kimberly", "event")


def test_both_sides_are_granted_once_however_the_deal_is_won(in_acme, referral):
    owe.RewardRuleFactory(workspace=in_acme)
    owe.RewardRuleFactory(workspace=in_acme, side="referee", kind="account_credit", amount_minor=10_000)

    won = move(referral, "won")
    with pytest.raises(MoveNotPossible):
        move(referral, "won")

    rewards = list(Reward.objects.filter(workspace=in_acme).order_by("pk"))
    assert [(r.side, r.source_key, r.source_id, r.contact, r.company, r.state) for r in rewards] == [
        ("referrer", f"referral:{won.pk}:referrer", won.pk, won.referrer, None, "held"),
        ("referee", f"referral:{won.pk}:referee", won.pk, None, won.referee_contact.company, "pending_approval"),
    ]


def test_a_reward_for_meeting_is_granted_when_the_stage_is_jumped_over(in_acme, referral):
    owe.RewardRuleFactory(workspace=in_acme, trigger="met")

    move(referral, "qualified")
    move(referral, "lost")
    move(referral, "contacted")
    move(referral, "met")

    assert Reward.objects.filter(workspace=in_acme).count() == 1


@pytest.mark.parametrize("kind", ["internal", "helped"])
def test_a_colleague_or_a_helped_deal_brings_no_reward(in_acme, referral, kind):
    owe.RewardRuleFactory(workspace=in_acme)
    referral.kind = kind
    referral.save()

    move(referral, "won")

    assert Reward.objects.filter(workspace=in_acme).count() == 0


def test_each_move_is_an_event_and_won_and_lost_are_events_of_their_own(in_acme, referral):
    move(referral, "lost", reason="Bought elsewhere")
    move(referral, "contacted")
    move(referral, "won")

    rows = Event.objects.filter(workspace=in_acme, subject_id=referral.pk).order_by("sequence")
    assert [(row.type, row.data.get("before"), row.data.get("reason")) for row in rows] == [
        ("referral.stage_changed", "new", "Bought elsewhere"),
        ("referral.lost", None, "Bought elsewhere"),
        ("referral.stage_changed", "lost", None),
        ("referral.stage_changed", "contacted", None),
        ("referral.won", None, None),
    ]
    assert rows.last().data["deal_value"] == {"amount": 1_200_000, "currency": "USD"}


def test_a_win_is_told_to_who_looks_after_it_and_after_the_advocate_once(in_acme, ana, by_ana):
    seller = make.MemberFactory(workspace=in_acme, role="sales", name="Fay")
    link = tell.LinkFactory(contact=make.ContactFactory(workspace=in_acme, company__owner=ana))
    referral = tell.ReferralFactory(link=link, owner=seller)

    pipeline.move(referral=referral, stage="won", deal_value=Money(4_800_000, "USD"), by=by_ana, now=NOW)

    won = Notice.objects.filter(kind="referral_won").order_by("member__name")
    assert [(one.member, one.title) for one in won] == [
        (ana, "Kim Park of Globex is a customer"),
        (seller, "Kim Park of Globex is a customer"),
    ]
    assert won[0].text == "Won with $48,000. Jamie Okafor referred them: say thank you."
