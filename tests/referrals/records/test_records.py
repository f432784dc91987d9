"""Records: what led to what, what can be done, and what some may not see."""

import datetime

import pytest

from accounts.events.models import Event
from accounts.members.models import User
from accounts.templatetags.figures import day
from accounts.tenancy.actor import SYSTEM
from referrals.asks.models import Ask
from referrals.pipeline import actions as pipeline
from referrals.records import chain, happenings
from tests.factories import accounts as make
from tests.factories import feedback as make_feedback
from tests.factories import referrals as make_referrals
from tests.factories import rewards as make_rewards
from tests.factories.accounts import NOW


@pytest.fixture
def as_ana(client, ana):
    client.force_login(User.objects.get(pk=ana.user_id))
    return client


@pytest.fixture
def referral(in_acme):
    """From a 10 to a referral: asked two hours later, answered by sharing after another hour."""
    contact = make.ContactFactory(workspace=in_acme)
    response = make_feedback.ResponseFactory(contact=contact, comment="Best decision we made.")
    ask = make_referrals.AskFactory(
        link=make_referrals.LinkFactory(contact=contact),
        moment=make_feedback.MomentFactory(response=response),
        state=Ask.State.ANSWERED,
        answer="shared",
        sent_at=NOW + datetime.timedelta(hours=2),
        answered_at=NOW + datetime.timedelta(hours=3),
    )
    referral = make_referrals.ReferralFactory(link=ask.link, ask=ask)
    type(referral).objects.filter(pk=referral.pk).update(created_at=NOW + datetime.timedelta(days=4))
    referral.refresh_from_db()
    return referral


def test_the_chain_tells_the_story_in_order_with_the_time_between(in_acme, referral):
    make_rewards.RewardFactory(workspace=in_acme, contact=referral.referrer, source_id=referral.pk)

    knots = chain.of_referral(workspace=in_acme, referral=referral, sees_scores=True)

    assert [(knot.title, knot.gap, knot.kind) for knot in knots] == [
        ("Said 10", "2 h", "first"),
        ("Asked", "1 h", ""),
        ("Shared the link", "3 days", ""),
        ("Referral", "", ""),
        ("Reward $200", "", "owed"),
    ]
    assert all(knot.href for knot in knots)


def test_the_chain_hides_the_score_from_those_who_may_not_read_it(in_acme, referral):
    knots = chain.of_referral(workspace=in_acme, referral=referral, sees_scores=False)

    assert (knots[0].title, knots[0].text) == ("Answered a survey", "NPS")


def test_a_record_of_a_person_hides_scores_and_comments_without_the_permission(client, in_acme, referral):
    finance = make.MemberFactory(workspace=in_acme, role="finance", name="Mira")
    client.force_login(User.objects.get(pk=finance.user_id))

    page = client.get(f"/app/acme/customers/people/{referral.referrer.public_id}").content.decode()

    assert "Best decision we made." not in page
    assert "Said 10" not in page
    assert client.get(f"/app/acme/feedback/answers/{referral.ask.moment.response.public_id}").status_code == 403


def test_won_needs_its_value_and_says_so_beside_the_field(as_ana, referral):
    answer = as_ana.post(f"/app/acme/referrals/{referral.public_id}/move", {"stage": "won", "currency": "USD"})

    assert answer.status_code == 422
    assert answer.context["form"].errors == {"value": ["A won deal needs its value."]}
    referral.refresh_from_db()
    assert referral.stage == "new"


def test_a_referral_is_won_by_hand_with_its_value(as_ana, referral):
    fields = {"stage": "won", "value": "48000", "currency": "usd"}

    answer = as_ana.post(f"/app/acme/referrals/{referral.public_id}/move", fields)

    assert (answer.status_code, answer.url) == (302, f"/app/acme/referrals/{referral.public_id}")
    referral.refresh_from_db()
    assert (referral.stage, referral.deal_value_minor, referral.deal_currency) == ("won", 4_800_000, "USD")


def test_a_move_that_is_not_possible_is_explained(as_ana, in_acme, referral):
    pipeline.move(referral=referral, stage="rejected", reason="Spam", by=SYSTEM, now=NOW)

    answer = as_ana.post(f"/app/acme/referrals/{referral.public_id}/move", {"stage": "met"})

    assert answer.status_code == 422
    assert "cannot become" in answer.context["form"].non_field_errors()[0]


def test_asking_somebody_we_leave_alone_takes_an_override_with_a_reason(as_ana, in_acme):
    contact = make.ContactFactory(workspace=in_acme)
    make_referrals.ProgramFactory(workspace=in_acme)
    make.HoldFactory(company=contact.company, workspace=in_acme, reason="overdue_invoice")
    address = f"/app/acme/customers/people/{contact.public_id}"

    refused = as_ana.post(address)
    unexplained = as_ana.post(address, {"override": "overdue_invoice"})
    made = as_ana.post(address, {"override": "overdue_invoice", "reason": "Their CFO told me to."})

    assert [refused.status_code, unexplained.status_code, made.status_code] == [409, 422, 302]
    assert in_acme.asks.filter(contact=contact).count() == 1
    overruled = in_acme.events.get(type="ask.overruled")
    assert overruled.data == {"codes": ["overdue_invoice"], "reason": "Their CFO told me to."}


def test_a_hold_is_placed_and_lifted_on_the_record(as_ana, in_acme):
    contact = make.ContactFactory(workspace=in_acme)
    address = f"/app/acme/customers/people/{contact.public_id}"

    as_ana.post(f"{address}/holds", {"purpose": "all", "reason": "absence", "detail": "Parental leave"})
    hold = in_acme.holds.get()
    as_ana.post(f"/app/acme/customers/holds/{hold.public_id}/lift")

    assert (hold.contact_id, hold.purpose, hold.detail) == (contact.pk, "all", "Parental leave")
    hold.refresh_from_db()
    assert hold.lifted_at is not None


def test_editing_a_person_keeps_what_was_typed_and_shows_the_error_beside_the_field(as_ana, in_acme):
    contact = make.ContactFactory(workspace=in_acme)
    fields = {"first_name": "Jamie", "seniority": "executive", "timezone": "Mars/Olympus"}

    answer = as_ana.post(f"/app/acme/customers/people/{contact.public_id}/edit", fields)

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["timezone"]
    assert "Mars/Olympus" in answer.content.decode()


def test_cancelling_a_reward_takes_a_reason(as_ana, in_acme):
    reward = make_rewards.RewardFactory(
        workspace=in_acme, contact=make.ContactFactory(workspace=in_acme), kind="note", amount_minor=0
    )
    address = f"/app/acme/rewards/{reward.public_id}/cancel"

    refused, cancelled = as_ana.post(address), as_ana.post(address, {"reason": "They asked us not to."})

    assert refused.context["form"].errors == {"reason": ["Say why in a few words."]}
    assert cancelled.status_code == 302
    reward.refresh_from_db()
    assert (reward.state, reward.ended_reason) == ("cancelled", "They asked us not to.")


@pytest.mark.parametrize(
    ("came_in_after", "sentence"),
    [
        (datetime.timedelta(minutes=1), "Gave a 10 (NPS)."),
        (datetime.timedelta(days=90), f"A 10 (NPS) of {day(NOW)} came in."),
    ],
)
def test_an_answer_from_a_file_is_told_with_its_own_day(in_acme, came_in_after, sentence):
    contact = make.ContactFactory(workspace=in_acme)
    response = make_feedback.ResponseFactory(contact=contact, responded_at=NOW, comment="")
    event = Event(
        workspace=in_acme,
        type="response.received",
        subject_kind="response",
        subject_id=response.pk,
        occurred_at=NOW + came_in_after,
        data={"score": 10, "metric": "nps"},
        actor_kind="system",
    )

    told = happenings.days_of(workspace=in_acme, events=[event], sees_scores=True)
    hidden = happenings.days_of(workspace=in_acme, events=[event], sees_scores=False)

    assert [(one.text, one.by) for row in told for one in row.happenings] == [(sentence, "")]
    assert [one.text for row in hidden for one in row.happenings] == ["Answered a survey."]
