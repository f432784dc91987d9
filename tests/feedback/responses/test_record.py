"""One way in for every answer."""

from datetime import timedelta

import pytest

from accounts.events.models import Event
from accounts.tenancy.actor import SYSTEM
from accounts.tenancy.errors import InvalidInput
from feedback.responses import actions, signals
from feedback.responses.actions import Answer
from feedback.responses.models import Response
from tests.factories.accounts import NOW, ContactFactory


@pytest.fixture
def jamie(in_acme):
    return ContactFactory(workspace=in_acme)


def record(workspace, contact, score, *, at=NOW, metric="nps", **fields):
    answer = Answer(metric, score, "api", at, **fields)
    return actions.record(workspace=workspace, contact=contact, company=None, answer=answer, by=SYSTEM, now=NOW)


def test_a_ten_makes_a_promoter_and_a_moment(in_acme, jamie):
    recorded = record(in_acme, jamie, 10)

    jamie.refresh_from_db()
    assert (recorded.response.category, recorded.response.is_high, recorded.created) == ("promoter", True, True)
    assert (recorded.moment.kind, recorded.moment.occurred_at) == ("high_score", NOW)
    assert (jamie.promoter_at, jamie.high_answer_at, jamie.low_answer_at) == (NOW, NOW, None)
    assert jamie.latest_scores == {"nps": {"score": 10, "at": NOW.isoformat(), "category": "promoter"}}
    types = list(Event.objects.filter(workspace=in_acme).order_by("id").values_list("type", flat=True))
    assert types == ["response.received", "moment.created", "promoter.recognized"]


def test_a_passive_answer_makes_no_moment(in_acme, jamie):
    recorded = record(in_acme, jamie, 8)

    assert (recorded.response.category, recorded.moment) == ("passive", None)


@pytest.mark.parametrize(
    ("metric", "score", "low"),
    [("nps", 6, True), ("nps", 7, False), ("csat", 2, True), ("ces", 3, True), ("oes", 4, False)],
)
def test_a_low_answer_is_told_and_stands_on_the_contact(in_acme, jamie, metric, score, low):
    heard = []

    def listen(sender, contact, **kwargs):
        heard.append(contact.pk)

    signals.low_answer_recorded.connect(listen)
    try:
        record(in_acme, jamie, score, metric=metric)
    finally:
        signals.low_answer_recorded.disconnect(listen)

    jamie.refresh_from_db()
    assert (jamie.low_answer_at is not None) is low
    assert heard == ([jamie.pk] if low else [])


def test_the_latest_by_responded_at_counts_not_the_latest_to_arrive(in_acme, jamie):
    record(in_acme, jamie, 10)
    record(in_acme, jamie, 2, at=NOW - timedelta(days=3))

    jamie.refresh_from_db()
    assert jamie.low_answer_at is None
    assert jamie.latest_scores["nps"]["score"] == 10
    assert jamie.promoter_at == NOW


def test_a_later_passive_answer_ends_promoter_and_low(in_acme, jamie):
    record(in_acme, jamie, 3, at=NOW - timedelta(days=2))
    record(in_acme, jamie, 10, at=NOW - timedelta(days=1))
    record(in_acme, jamie, 7)

    jamie.refresh_from_db()
    assert (jamie.promoter_at, jamie.low_answer_at) == (None, None)
    assert jamie.high_answer_at == NOW - timedelta(days=1)


@pytest.mark.parametrize(
    ("metric", "score"), [("nps", 11), ("nps", -1), ("csat", 0), ("csat", 6), ("ces", 8), ("oes", 0)]
)
def test_a_score_off_its_scale_is_refused_and_nothing_stored(in_acme, jamie, metric, score):
    with pytest.raises(InvalidInput) as refusal:
        record(in_acme, jamie, score, metric=metric)

    assert (refusal.value.field, refusal.value.code) == ("score", "score_out_of_scale")
    assert Response.objects.filter(workspace=in_acme).count() == 0


def test_the_future_is_refused_but_a_fast_clock_is_not(in_acme, jamie):
    record(in_acme, jamie, 9, at=NOW + timedelta(minutes=4))

    with pytest.raises(InvalidInput) as refusal:
        record(in_acme, jamie, 9, at=NOW + timedelta(minutes=6))

    assert refusal.value.field == "responded_at"


def test_the_same_external_id_again_changes_nothing(in_acme, jamie):
    first = record(in_acme, jamie, 10, external_id="r-1")

    again = record(in_acme, jamie, 2, external_id="r-1")

    assert (again.created, again.response.pk, again.moment.pk) == (False, first.response.pk, first.moment.pk)
    jamie.refresh_from_db()
    assert jamie.low_answer_at is None


def test_an_answer_of_a_company_only_is_kept_without_a_moment(in_acme, jamie):
    answer = Answer("csat", 5, "import", NOW)

    recorded = actions.record(workspace=in_acme, contact=None, company=jamie.company, answer=answer, by=SYSTEM, now=NOW)

    assert (recorded.response.company, recorded.response.contact, recorded.moment) == (jamie.company, None, None)


def test_a_failing_receiver_does_not_lose_the_answer(in_acme, jamie, caplog):
    def fail(**kwargs):
        raise RuntimeError("the receiver fails")

    signals.low_answer_recorded.connect(fail)
    try:
        recorded = record(in_acme, jamie, 1)
    finally:
        signals.low_answer_recorded.disconnect(fail)

    assert Response.objects.filter(pk=recorded.response.pk).exists()
    assert "the receiver fails" in caplog.text


def test_a_changed_score_is_the_last_word(in_acme, jamie):
    recorded = record(in_acme, jamie, 3)

    changed = actions.revise(
        workspace=in_acme, response=recorded.response, score=9, by=SYSTEM, now=NOW + timedelta(minutes=2)
    )

    jamie.refresh_from_db()
    assert (changed.response.score, changed.moment.kind) == (9, "high_score")
    assert (jamie.low_answer_at, jamie.promoter_at) == (None, NOW + timedelta(minutes=2))
    assert Response.objects.filter(workspace=in_acme).count() == 1
