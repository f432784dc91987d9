import datetime

import pytest
from django.contrib.messages import get_messages

from accounts.tenancy.scope import workspace_scope
from referrals.asks.models import Ask
from tests.factories import accounts as make
from tests.factories import feedback, referrals
from tests.factories.accounts import NOW

MONTH = datetime.timedelta(days=30)


@pytest.fixture
def praise(acme):
    """Two who praised us a month ago; the second is still on trial."""
    with workspace_scope(acme.pk):
        referrals.ProgramFactory(workspace=acme)
        rows = []
        for name, trial in (("Jamie", False), ("Kim", True)):
            company = make.CompanyFactory(workspace=acme, name=f"{name} Works", trial=trial)
            contact = make.ContactFactory(workspace=acme, company=company, first_name=name, expert_score=70)
            feedback.ResponseFactory(contact=contact, responded_at=NOW - MONTH, comment=f"{name} loves it.")
            rows.append(contact)
        return rows


def test_warm_start_says_whom_to_ask_and_whom_to_leave_alone(manager, praise):
    page = manager.get("/app/acme/warm-start").content.decode()

    assert "One person to ask, because they or their company already praised us." in page
    assert "Jamie loves it." in page
    assert "Kim loves it." not in page
    assert "Kim Works is still on trial." in page


def test_who_lies_on_the_desk_waits_nowhere_else(manager, praise):
    manager.post(f"/app/acme/warm-start/{praise[0].public_id}/ask")

    page = manager.get("/app/acme/warm-start").content.decode()

    assert "Nobody from before waits to be asked." in page
    assert "Jamie loves it." not in page


def test_asking_opens_the_letter_on_the_desk(manager, acme, praise):
    response = manager.post(f"/app/acme/warm-start/{praise[0].public_id}/ask")

    with workspace_scope(acme.pk):
        ask = Ask.objects.get()
    assert response.url == f"/app/acme/today/asks/{ask.public_id}"
    assert (ask.contact_id, ask.state, ask.send_at) == (praise[0].pk, "queued", None)
    page = manager.get(response.url).content.decode()
    assert "Jamie loves it." in page
    assert "Begun by hand" in page


def test_somebody_with_an_ask_under_way_is_not_offered_again(manager, acme, praise):
    manager.post(f"/app/acme/warm-start/{praise[0].public_id}/ask")

    page = manager.get("/app/acme/warm-start").content.decode()

    assert "Jamie loves it." not in page
    assert "An ask to them is under way already." in page


def test_above_the_number_of_the_day_it_is_refused_kindly(manager, acme, praise):
    with workspace_scope(acme.pk):
        acme.warm_start_per_day = 0
        acme.save()

    response = manager.post(f"/app/acme/warm-start/{praise[0].public_id}/ask")

    assert response.url == "/app/acme/warm-start"
    assert [str(one) for one in get_messages(response.wsgi_request)] == [
        "0 people were asked by hand today. Tomorrow is another day."
    ]
    with workspace_scope(acme.pk):
        assert Ask.objects.count() == 0


@pytest.mark.parametrize(("role", "status"), [("analyst", 403), ("sales", 403), ("marketing", 403)])
def test_who_may_not_send_cannot_begin_an_ask(as_role, acme, praise, role, status):
    assert as_role(role).post(f"/app/acme/warm-start/{praise[0].public_id}/ask").status_code == status
    with workspace_scope(acme.pk):
        assert Ask.objects.count() == 0


def test_strangers_find_no_warm_start(manager, globex, praise):
    assert manager.get("/app/globex/warm-start").status_code == 404
