"""What the address of a list says, what its rows may be told, and what is done with many of them."""

import datetime

import pytest

from tests.factories import accounts as make
from tests.factories import referrals as make_referrals
from tests.factories import rewards as make_rewards
from tests.factories.accounts import NOW

PEOPLE = "/app/acme/customers/people"


def names(answer):
    return [row.first_name for row in answer.context["rows"]]


def test_search_order_filter_and_columns_stand_in_the_address(sign_in, in_acme):
    for name in ("Ana", "Bo", "Cy"):
        make.ContactFactory(workspace=in_acme, first_name=name, last_name="Park")
    make.ContactFactory(workspace=in_acme, first_name="Dee", last_name="Moss")

    answer = sign_in("manager").get(f"{PEOPLE}?q=park&sort=-name&cols=email&cols=title")

    assert names(answer) == ["Cy", "Bo", "Ana"]
    assert [column.key for column in answer.context["chosen"].columns] == ["name", "title", "email"]
    assert answer.context["here"] == "q=park&sort=-name&cols=name&cols=title&cols=email"


def test_a_word_with_a_percent_sign_is_only_a_word(sign_in, in_acme):
    make.ContactFactory(workspace=in_acme, first_name="Ana")

    assert names(sign_in("manager").get(f"{PEOPLE}?q=%25")) == []


def test_search_stays_in_the_workspace(sign_in, in_acme, globex, scope):
    with scope(globex.pk):
        make.ContactFactory(workspace=globex, first_name="Jamie", company__name="Globex Jamie")

    answer = sign_in("manager").get(f"{PEOPLE}?q=jamie")

    assert answer.context["rows"] == []


def test_the_poll_says_what_came_in_and_says_it_once(sign_in, in_acme):
    client = sign_in("manager")
    make.ContactFactory.create_batch(2, workspace=in_acme)

    news = client.get(f"{PEOPLE}?part=news&count=1&told=0")
    again = client.get(f"{PEOPLE}?part=news&count=1&told=1")

    assert "1 more person since you opened this page." in news.content.decode()
    assert again.status_code == 204


# ---------- many rows at once


def bulk(client, list_name, **data):
    return client.post(f"/app/acme/lists/{list_name}/bulk", data, follow=True)


def test_many_are_left_alone_at_once_and_others_are_not_touched(sign_in, in_acme):
    chosen = make.ContactFactory.create_batch(2, workspace=in_acme)
    other = make.ContactFactory(workspace=in_acme)

    answer = bulk(
        sign_in("manager"),
        "people",
        action="hold",
        ids=[contact.public_id for contact in chosen],
        **{"hold-purpose": "asks", "hold-reason": "open_ticket", "hold-until": "2030-01-01"},
    )

    held = in_acme.holds.values_list("contact_id", flat=True)
    assert set(held) == {contact.pk for contact in chosen}
    assert other.pk not in held
    assert answer.context["outcome"] == {"said": "2 done.", "reasons": []}


def test_what_was_refused_says_why_and_the_others_are_done(sign_in, in_acme):
    new = make_referrals.ReferralFactory(link__contact__workspace=in_acme, referee_name="Kim Park")
    won = make_referrals.ReferralFactory(
        link=new.link,
        referee_name="Lee Moss",
        stage="won",
        won_at=NOW,
        deal_value_minor=1,
        deal_currency="USD",
    )

    answer = bulk(
        sign_in("sales"),
        "referrals",
        action="move",
        query="show=all",
        ids=[new.public_id, won.public_id],
        **{"move-stage": "contacted"},
    )

    new.refresh_from_db()
    assert new.stage == "contacted"
    assert answer.context["outcome"] == {
        "said": "1 done, 1 not:",
        "reasons": [{"reason": "This referral is “won” and cannot become “contacted”.", "names": "Lee Moss"}],
    }


def test_all_that_match_are_meant_not_only_those_on_the_page(sign_in, in_acme):
    owner = make.MemberFactory(workspace=in_acme, name="Dana")
    make.CompanyFactory.create_batch(60, workspace=in_acme, name="Northwind")
    make.CompanyFactory(workspace=in_acme, name="Corvane")

    bulk(sign_in("manager"), "companies", action="owner", all="1", query="q=north", **{"owner-owner": owner.email})

    assert in_acme.companies.filter(owner=owner).count() == 60


def test_more_than_can_be_done_in_one_go_changes_nothing(sign_in, in_acme, monkeypatch):
    monkeypatch.setattr("accounts.lists.views.MOST_ROWS", 2)
    make.ContactFactory.create_batch(3, workspace=in_acme)

    answer = bulk(
        sign_in("manager"), "people", action="hold", all="1", **{"hold-purpose": "asks", "hold-reason": "other"}
    )

    assert not in_acme.holds.exists()
    assert [str(message) for message in answer.context["messages"]] == [
        "That is more than 2, the most for one go. Narrow the list a little."
    ]


def test_a_reward_above_the_limit_waits_for_the_second_person_the_others_are_approved(sign_in, in_acme):
    client = sign_in("finance")
    contact = make.ContactFactory(workspace=in_acme)
    small = make_rewards.RewardFactory(workspace=in_acme, contact=contact)
    large = make_rewards.RewardFactory(
        workspace=in_acme,
        contact=contact,
        amount_minor=90_000,
        created_by_kind="member",
        created_by_id=client.member.pk,
    )

    bulk(client, "rewards", action="approve", ids=[small.public_id, large.public_id])

    small.refresh_from_db()
    large.refresh_from_db()
    assert (small.state, large.state) == ("approved", "pending_approval")


@pytest.mark.parametrize("role", ["analyst", "finance", "marketing"])
def test_who_may_not_change_customers_leaves_nobody_alone(sign_in, in_acme, role):
    contact = make.ContactFactory(workspace=in_acme)

    answer = bulk(sign_in(role), "people", action="lift", ids=[contact.public_id])

    assert answer.status_code == 403


def test_a_strangers_row_is_not_among_the_chosen(sign_in, in_acme, globex, scope):
    with scope(globex.pk):
        theirs = make.ContactFactory(workspace=globex)

    answer = bulk(
        sign_in("manager"),
        "people",
        action="hold",
        ids=[theirs.public_id, "con_nonsense"],
        **{"hold-purpose": "asks", "hold-reason": "other"},
    )

    assert answer.context["outcome"]["said"] == "0 done."
    with scope(globex.pk):
        assert not globex.holds.exists()


# ---------- views with a name


def save(client, query, name="My north", **more):
    return client.post("/app/acme/lists/people/views", {"name": name, "query": query, **more})


def test_a_view_is_kept_and_opened_again(sign_in, in_acme):
    client = sign_in("manager")

    kept = save(client, "q=north&sort=-name&show=resting&nonsense=1")
    opened = client.get(kept.url)

    view = in_acme.saved_views.get()
    assert view.query == "q=north&show=resting&sort=-name"
    assert opened.context["views"].current == view
    assert opened.context["views"].changed is False
    assert client.get(f"{PEOPLE}?view={view.public_id}&q=south").context["views"].changed is True


def test_the_default_view_is_where_the_list_opens_for_its_member_only(sign_in, in_acme):
    client = sign_in("manager")
    kept = save(client, "q=north", default="on", shared="on")

    assert client.get(PEOPLE).url == kept.url
    assert client.get(f"{PEOPLE}?view=").status_code == 200
    assert sign_in("sales").get(PEOPLE).status_code == 200


def test_a_shared_view_is_seen_by_all_and_changed_by_its_owner(sign_in, in_acme):
    save(sign_in("manager"), "q=north", shared="on")
    save(sign_in("manager"), "q=south", name="Private")
    view = in_acme.saved_views.get(name="My north")
    private = in_acme.saved_views.get(name="Private")

    client = sign_in("sales")

    assert [one.name for one in client.get(PEOPLE).context["views"].all] == ["My north"]
    assert client.post(f"/app/acme/views/{view.public_id}/delete").status_code == 403
    assert client.post(f"/app/acme/views/{private.public_id}/delete").status_code == 404
    assert client.post(f"/app/acme/views/{view.public_id}/default", {"default": "on"}).status_code == 302
    assert client.get(PEOPLE).status_code == 302


def test_a_view_is_renamed_filled_anew_and_thrown_away(sign_in, in_acme):
    client = sign_in("manager")
    save(client, "q=north", default="on")
    save(client, "q=west", name="West")
    view = in_acme.saved_views.get(name="My north")
    address = f"/app/acme/views/{view.public_id}"

    client.post(address, {"name": "South", "query": "q=south", "default": "on"})
    taken = client.post(address, {"name": "West"}, follow=True)

    view.refresh_from_db()
    assert (view.name, view.query) == ("South", "q=south")
    assert [str(message) for message in taken.context["messages"]][-1] == "You have a view “West” already."
    client.post(f"{address}/delete")
    assert client.get(PEOPLE).status_code == 200
    assert [one.name for one in in_acme.saved_views.all()] == ["West"]


def test_a_view_never_shows_more_than_its_reader_may_see(sign_in, in_acme):
    make.ContactFactory(workspace=in_acme, low_answer_at=NOW - datetime.timedelta(days=1))
    make.ContactFactory(workspace=in_acme)
    save(sign_in("manager"), "show=low&cols=nps", shared="on")
    view = in_acme.saved_views.get()

    answer = sign_in("marketing").get(f"{PEOPLE}?view={view.public_id}&{view.query}")

    assert len(answer.context["rows"]) == 2
    assert "nps" not in [column.key for column in answer.context["chosen"].columns]
