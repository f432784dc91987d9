"""The list of steps: read from the data, left out with the consequence told, found again."""

import datetime

import pytest
import time_machine

from accounts.events.models import Event
from accounts.tenancy.scope import workspace_scope
from referrals.first_run import actions, queries
from referrals.first_run.steps import STEPS
from tests.factories import accounts as make
from tests.factories import feedback, referrals
from tests.factories.accounts import NOW

START = "/app/acme/start"


@pytest.fixture(autouse=True)
def at_ten():
    with time_machine.travel(NOW, tick=False):
        yield


def standing(acme, member):
    """{step: done, open or skipped}"""
    with workspace_scope(acme.pk):
        steps = queries.progress(workspace=acme, member=member).steps
    return {one.step.code: "done" if one.is_done else "skipped" if one.is_skipped else "open" for one in steps}


@pytest.mark.parametrize("page", ["", "/customers", "/people", "/reward", "/page", "/hours", "/send", "/guardrails"])
def test_not_signed_in_you_are_asked_to(client, acme, page):
    assert client.get(f"{START}{page}").url.startswith("/accounts/login/")


def test_strangers_find_nothing(dana, globex):
    assert dana.get("/app/globex/start").status_code == 404


def test_who_may_not_ask_has_no_first_run(as_role):
    assert as_role("analyst").get(START).status_code == 403


def test_nothing_is_done_on_the_first_day(dana, acme):
    assert set(standing(acme, dana.member).values()) == {"open"}
    page = dana.get(START).content.decode()
    assert "about 19 minutes" in page
    assert all(step.skipped in page.replace("&#x27;", "'") for step in STEPS)


def test_what_is_there_is_done_without_a_tick(dana, acme):
    with workspace_scope(acme.pk):
        for _ in range(3):
            contact = make.ContactFactory(workspace=acme)
            make.OutcomeFactory(company=contact.company, contact=contact)
        acme.reward_rules.create(side="referrer", kind="thanks", currency="USD", state="live")
        link = referrals.LinkFactory(contact=contact)
        referrals.AskFactory(link=link, state="sent", sent_at=NOW, sent_by_person=True)
        acme.members.filter(pk=dana.member.pk).update(timezone="Europe/Berlin")
        dana.member.refresh_from_db()

    found = standing(acme, dana.member)

    assert {code for code, state in found.items() if state == "done"} == {
        "customers",
        "people",
        "reward",
        "hours",
        "send",
    }


def test_a_step_left_out_can_be_taken_up_again(dana, acme):
    dana.post(f"{START}/reward/skip")
    assert standing(acme, dana.member)["reward"] == "skipped"
    assert "left out" in dana.get(START).content.decode()

    dana.post(f"{START}/reward/skip", {"again": "yes"})

    assert standing(acme, dana.member)["reward"] == "open"
    with workspace_scope(acme.pk):
        told = list(Event.objects.filter(type__startswith="first_run.").values_list("type", "data"))
    assert told == [
        ("first_run.step_skipped", {"step": "reward"}),
        ("first_run.step_taken_up", {"step": "reward"}),
    ]


def test_a_step_there_is_not_is_not_left_out(dana):
    assert dana.post(f"{START}/lunch/skip").status_code == 404


def test_today_leads_back_until_it_is_over_or_put_away(dana, acme):
    assert "First steps <span>" not in dana.get("/app/acme/today").content.decode()
    with workspace_scope(acme.pk):
        actions.begin(workspace=acme)
    assert "First steps <span>0 of 8</span>" in dana.get("/app/acme/today").content.decode()

    dana.post(f"{START}/put-away")

    assert "First steps <span>" not in dana.get("/app/acme/today").content.decode()
    assert dana.get(START).status_code == 200


def test_when_nothing_is_open_the_later_things_come(dana):
    for step in STEPS:
        dana.post(f"{START}/{step.code}/skip")

    page = dana.get(START).content.decode()

    assert "Your sending domain" in page
    assert "You are on your way." in page


def test_a_promise_is_made_with_one_press_and_just_thanks_comes_first(dana, acme):
    page = dana.get(f"{START}/reward").content.decode()
    assert page.index("our thanks, and nothing else") < page.index("a handwritten note")

    answer = dana.post(f"{START}/reward", {"offer": "thanks"})

    with workspace_scope(acme.pk):
        rule = acme.reward_rules.get()
    assert (answer.url, rule.side, rule.kind, rule.state) == (f"{START}/page", "referrer", "thanks", "live")
    assert dana.post(f"{START}/reward", {"offer": "a pony"}).url == f"{START}/reward"


def test_a_cs_manager_sees_the_promises_and_makes_none(as_role):
    manager = as_role("manager")

    assert "Promise this" not in manager.get(f"{START}/reward").content.decode()
    assert manager.post(f"{START}/reward", {"offer": "thanks"}).status_code == 403


def test_hours_and_zone_are_ones_own(dana, acme):
    page = f"{START}/hours"
    wrong = dana.post(page, {"timezone": "Mars/Olympus", "work_starts": "08:00", "work_ends": "16:00"})
    assert wrong.status_code == 422
    assert "Mars/Olympus" in wrong.content.decode()

    answer = dana.post(page, {"timezone": "Europe/Lisbon", "work_starts": "08:00", "work_ends": "16:00"})

    with workspace_scope(acme.pk):
        dana.member.refresh_from_db()
    assert answer.url == f"{START}/send"
    assert (dana.member.timezone, dana.member.work_starts, dana.member.name) == (
        "Europe/Lisbon",
        datetime.time(8),
        "Dana Reyes",
    )


def test_the_page_of_the_friend_is_looked_at_and_found_right(dana, acme):
    assert "No page yet." in dana.get(f"{START}/page").content.decode()
    with workspace_scope(acme.pk):
        referrals.LinkFactory(contact=make.ContactFactory(workspace=acme))
    assert "<iframe" in dana.get(f"{START}/page").content.decode()

    dana.post(f"{START}/page")

    assert standing(acme, dana.member)["page"] == "done"


def test_guardrails_are_confirmed_by_somebody_with_the_values_of_that_day(dana, acme):
    page = dana.get(f"{START}/guardrails").content.decode()
    assert "After a low score" in page
    assert "180 days" in page

    dana.post(f"{START}/guardrails")

    assert "Confirmed by Dana Reyes on 17 November 2026" in dana.get(f"{START}/guardrails").content.decode()
    with workspace_scope(acme.pk):
        fact = Event.objects.get(type="guardrails.confirmed")
    assert fact.actor_id == dana.member.pk
    assert fact.data["rules"]["After a low score"] == "180 days"
    assert fact.data["rules"]["People asked by hand a day"] == "10"


def test_a_cs_manager_reads_the_guardrails_and_does_not_confirm_them(as_role):
    manager = as_role("manager")

    assert manager.get(f"{START}/guardrails").status_code == 200
    assert manager.post(f"{START}/guardrails").status_code == 403


def test_people_who_praised_are_offered_and_the_others_are_counted(dana, acme):
    with workspace_scope(acme.pk):
        for name, trial in (("Jamie", False), ("Kim", True)):
            company = make.CompanyFactory(workspace=acme, name=f"{name} Works", trial=trial)
            contact = make.ContactFactory(workspace=acme, company=company, first_name=name, expert_score=70)
            feedback.ResponseFactory(contact=contact, responded_at=NOW - datetime.timedelta(days=30))

    page = dana.get(f"{START}/people").content.decode()

    assert "2 already praised you; 1 is an expert; 1 we would" in page
    assert "Choose Jamie Okafor" in page
    assert "Choose Kim Okafor" not in page
