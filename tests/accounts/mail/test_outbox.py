import datetime

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.mail import outbox
from accounts.members.models import User
from accounts.tenancy.scope import workspace_scope
from tests.factories import accounts as make

OUTBOX = "/app/acme/outbox/"


@pytest.fixture
def as_role(acme, client):
    def sign_in(role):
        with workspace_scope(acme.pk):
            member = make.MemberFactory(workspace=acme, role=role)
        client.force_login(User.objects.get(pk=member.user_id))
        return client

    return sign_in


@pytest.fixture
def manager(as_role):
    return as_role("manager")


def a_mail(workspace, **fields):
    with workspace_scope(workspace.pk):
        return make.MessageFactory(workspace=workspace, **fields)


def stored(mail):
    with workspace_scope(mail.workspace_id):
        return type(mail).objects.get(pk=mail.pk)


def shown(response):
    assert response.status_code == 200
    return [row.message.pk for row in response.context["rows"]]


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def do(client, mail, deed):
    return client.post(f"{OUTBOX}{mail.public_id}/{deed}", {"show": "unconfirmed"})


def test_who_is_not_signed_in_is_asked_to(client, acme):
    assert client.get(OUTBOX).status_code == 302


def test_a_member_of_another_workspace_finds_nothing(client, acme, globex):
    mail = a_mail(acme, state="unconfirmed")
    with workspace_scope(globex.pk):
        stranger = make.MemberFactory(workspace=globex)
    client.force_login(User.objects.get(pk=stranger.user_id))

    assert [client.get(OUTBOX).status_code, do(client, mail, "arrived").status_code] == [404, 404]
    assert client.post(f"/app/globex/outbox/{mail.public_id}/again").status_code == 404
    assert stored(mail).state == "unconfirmed"


def test_an_analyst_reads_but_decides_nothing(as_role, acme):
    mail = a_mail(acme, state="unconfirmed")
    analyst = as_role("analyst")

    assert shown(analyst.get(OUTBOX)) == [mail.pk]
    assert "It arrived" not in analyst.get(OUTBOX).content.decode()
    assert [do(analyst, mail, deed).status_code for deed in ("arrived", "again")] == [403, 403]
    assert stored(mail).state == "unconfirmed"


@pytest.mark.parametrize("role", ["marketing", "finance"])
def test_subjects_that_tell_scores_are_not_for_everybody(as_role, acme, role):
    assert as_role(role).get(OUTBOX).status_code == 403


def test_each_tab_holds_its_states_and_what_needs_somebody_opens_first(manager, acme):
    mails = {state: a_mail(acme, state=state) for state in ("queued", "sending", "sent", "cancelled")}
    tabs = {tab: shown(manager.get(f"{OUTBOX}?show={tab}")) for tab in outbox.TABS}
    first_of_all = manager.get(OUTBOX).context["tab"]
    failed = a_mail(acme, state="failed", error="550 No such user")

    assert tabs == {
        "unconfirmed": [],
        "failed": [],
        "waiting": [mails["sending"].pk, mails["queued"].pk],
        "sent": [mails["sent"].pk],
        "stopped": [mails["cancelled"].pk],
    }
    assert first_of_all == "sent"
    page = manager.get(OUTBOX)
    assert (page.context["tab"], shown(page)) == ("failed", [failed.pk])
    assert "550 No such user" in page.content.decode()


def test_what_was_held_back_says_why_in_words(manager, acme):
    for reason in ("expired", "suppressed", ""):
        a_mail(acme, state="cancelled", error=reason)

    rows = manager.get(f"{OUTBOX}?show=stopped").context["rows"]

    assert [row.why for row in rows] == [
        "Taken back before it left.",
        "They asked not to hear from us.",
        "It could not leave in time.",
    ]


def test_search_looks_in_address_and_subject(manager, acme):
    wanted = a_mail(acme, state="sent", to_email="priya@halden.example", to_name="", subject="Another Head of Ops?")
    a_mail(acme, state="sent", to_email="owen@halden.example", to_name="", subject="Thank you")

    assert shown(manager.get(f"{OUTBOX}?show=sent&q=halden+head")) == [wanted.pk]
    assert shown(manager.get(f"{OUTBOX}?show=sent&q=nobody")) == []
    assert "Nothing fits." in manager.get(f"{OUTBOX}?show=sent&q=nobody").content.decode()


def test_pages_follow_each_other_without_a_gap(acme, scope, monkeypatch):
    mails = [a_mail(acme, state="sent") for _ in range(3)]
    with scope(acme.pk):
        about = {"workspace": acme, "tab": "sent", "search": "", "now": make.NOW, "per_page": 2}
        first = outbox.leaf(before="", **about)
        second = outbox.leaf(before=first.older, **about)
        unreadable = outbox.leaf(before="msg_?", **about)

    assert [row.message.pk for row in (*first.rows, *second.rows)] == [mail.pk for mail in reversed(mails)]
    assert (first.older, second.older) == (mails[1].public_id, "")
    assert unreadable == first


def test_a_list_costs_the_same_for_one_and_for_three(manager, acme):
    a_mail(acme, state="failed")
    manager.get(OUTBOX)
    with CaptureQueriesContext(connection) as one:
        manager.get(OUTBOX)
    for _ in range(2):
        a_mail(acme, state="failed")
    with CaptureQueriesContext(connection) as three:
        manager.get(OUTBOX)

    assert len(three) == len(one)


def test_it_arrived_counts_as_sent_when_it_was_handed_over(manager, acme, settled, scope):
    mail = a_mail(acme, state="unconfirmed", handed_at=make.NOW, error="The worker died before the answer came.")

    answers = [do(manager, mail, "arrived") for _ in range(2)]

    assert [answer.url for answer in answers] == [f"{OUTBOX}?show=unconfirmed"] * 2
    assert (stored(mail).state, stored(mail).sent_at, stored(mail).error) == ("sent", make.NOW, "")
    assert settled == [(mail.key, "sent", "")]
    with scope(acme.pk):
        assert acme.events.filter(type="message.confirmed", subject_id=mail.pk).count() == 1


def test_it_can_not_have_arrived_once_the_server_refused_it(manager, acme):
    mail = a_mail(acme, state="failed")

    assert said(do(manager, mail, "arrived")) == ["The mail server has answered meanwhile: it refused this mail."]
    assert stored(mail).state == "failed"


@pytest.mark.parametrize("state", ["unconfirmed", "failed"])
def test_a_notice_goes_out_again_once(manager, acme, scope, state):
    mail = a_mail(acme, state=state, error="No answer", expires_at=make.NOW)

    words = [said(do(manager, mail, "again"))[-1] for _ in range(2)]

    assert words == ["Goes out to Ana Acme again."] * 2
    again = stored(mail)
    assert (again.state, again.error) == ("queued", "")
    assert again.expires_at - again.due_at == datetime.timedelta(days=1)
    with scope(acme.pk):
        assert acme.events.filter(type="message.sent_again", subject_id=mail.pk).count() == 1


def test_what_has_arrived_does_not_go_out_again(manager, acme):
    mail = a_mail(acme, state="sent")

    assert said(do(manager, mail, "again")) == ["The mail server has answered meanwhile: it took this mail."]
    assert stored(mail).state == "sent"


def test_mail_that_belongs_to_nobody_any_more_is_not_repeated(manager, acme):
    campaign = a_mail(acme, state="failed", kind="campaign")
    ask = a_mail(acme, state="failed", kind="ask")

    assert "Send again" not in manager.get(OUTBOX).content.decode()
    assert [said(do(manager, mail, "again"))[-1] for mail in (campaign, ask)] == [
        "This mail can't be repeated here. Write it again where it came from.",
        "This mail belongs to no ask any more.",
    ]
    assert [stored(campaign).state, stored(ask).state] == ["failed", "failed"]


def test_today_leads_to_what_failed(manager, acme):
    assert "slip-outbox" not in manager.get("/app/acme/today").content.decode()
    a_mail(acme, state="unconfirmed")
    a_mail(acme, state="failed")

    page = manager.get("/app/acme/today").content.decode()

    assert f'href="{OUTBOX}"' in page
    assert "1 unconfirmed, 1 came back" in " ".join(page.split())
