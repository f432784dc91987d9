"""The demo as somebody finds it who opens it for the first time."""

from datetime import UTC, datetime

import pytest

from accounts.tenancy.models import Workspace
from accounts.tenancy.scope import workspace_scope
from referrals.demo import actions

NOW = datetime(2026, 11, 18, 14, tzinfo=UTC)


@pytest.fixture
def marlow(db):
    actions.load(password="three unlikely words", now=NOW)
    workspace = Workspace.objects.get(slug="marlow")
    with workspace_scope(workspace.pk):
        yield workspace


def test_the_team_thanked_in_time_but_for_the_won_deal_and_this_morning(marlow):
    rows = marlow.thank_yous.order_by("owed_since").values_list("contact__first_name", "occasion", "state")

    assert list(rows) == [
        ("Priya", "introduction", "sent"),
        ("Priya", "met", "sent"),
        ("Daniel", "introduction", "sent"),
        ("Priya", "won", "owed"),
        ("Grace", "introduction", "owed"),
    ]


def test_one_draft_on_the_desk_is_stopped_by_a_gap(marlow):
    stopped = [
        (ask.contact.last_name, [problem["token"] for problem in ask.problems])
        for ask in marlow.asks.filter(state="queued").select_related("contact")
        if ask.problems
    ]

    assert ("Duarte", ["contact.first_name"]) in stopped


def test_nobody_is_two_people(marlow):
    names = [(contact.first_name, contact.last_name) for contact in marlow.contacts.all()]

    assert len(names) == len(set(names))


def test_loading_it_again_makes_nothing(marlow):
    user, made = actions.load(password="other words entirely", now=NOW)

    assert (user.email, made) == ("alex@marlow.example", False)
