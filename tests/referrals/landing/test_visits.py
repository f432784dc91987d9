import re
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.tenancy.scope import workspace_scope
from referrals.links.models import Visit
from tests.factories import accounts as make
from tests.factories.referrals import LinkFactory


def visits(workspace):
    with workspace_scope(workspace.pk):
        return [(visit.link_id, visit.visitor_id, visit.is_bot) for visit in Visit.objects.filter(workspace=workspace)]


def heading(response):
    return re.search(r'<h1 class="head">(.*?)</h1>', response.content.decode(), re.DOTALL)[1]


def test_a_person_sees_who_sent_them_and_is_counted_once(open_page, acme, link):
    response = open_page("/r/jamie-abc")

    assert response.status_code == 200
    assert heading(response) == "You’ve been referred by Jamie at Northwind."
    [(of_link, visitor, is_bot)] = visits(acme)
    assert (of_link, is_bot) == (link.pk, False)
    assert isinstance(visitor, UUID)


def test_a_kept_page_costs_exactly_one_query(open_page, link):
    open_page("/r/jamie-abc")

    with CaptureQueriesContext(connection) as queries:
        response = open_page("/r/jamie-abc")

    assert response.status_code == 200
    assert [query["sql"].split("(")[0].split()[-1] for query in queries] == ["record_visit"]


def test_the_cookie_keeps_the_same_visitor_for_ninety_days(open_page, acme, link):
    first = open_page("/r/jamie-abc")
    value = re.fullmatch(
        r"gw_visitor=([0-9a-f-]{36}); Max-Age=7776000; Path=/; HttpOnly; SameSite=Lax", first["Set-Cookie"]
    )[1]

    second = open_page("/r/jamie-abc", HTTP_COOKIE=f"gw_visitor={value}")

    assert second["Set-Cookie"] == first["Set-Cookie"]
    assert len({visitor for _, visitor, _ in visits(acme)}) == 1


def test_the_cookie_is_secure_where_the_site_is(open_page, link, settings):
    settings.HTTPS = True

    assert open_page("/r/jamie-abc")["Set-Cookie"].endswith("; HttpOnly; SameSite=Lax; Secure")


def test_a_made_up_cookie_is_replaced(open_page, link):
    response = open_page("/r/jamie-abc", HTTP_COOKIE="gw_visitor=<script>")

    assert re.match(r"gw_visitor=[0-9a-f-]{36};", response["Set-Cookie"])


def test_two_workspaces_know_the_same_browser_by_different_ids(open_page, acme, globex, link):
    with workspace_scope(globex.pk):
        LinkFactory(contact=make.ContactFactory(workspace=globex), code="lee-xyz")
    cookie = "gw_visitor=0d9ab4a2-8c8e-4a2e-9d0e-6f8a2a1f5c11"

    open_page("/r/jamie-abc", HTTP_COOKIE=cookie)
    open_page("/r/lee-xyz", HTTP_COOKIE=cookie)

    [(_, at_acme, _)], [(_, at_globex, _)] = visits(acme), visits(globex)
    assert len({str(at_acme), str(at_globex), "0d9ab4a2-8c8e-4a2e-9d0e-6f8a2a1f5c11"}) == 3


def test_eu_mode_sets_no_cookie_and_knows_no_visitor(open_page, acme, link):
    acme.eu_mode = True
    acme.save()

    response = open_page("/r/jamie-abc", HTTP_COOKIE="gw_visitor=0d9ab4a2-8c8e-4a2e-9d0e-6f8a2a1f5c11")

    assert "Set-Cookie" not in response.headers
    assert not response.cookies
    assert visits(acme) == [(link.pk, None, False)]


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_USER_AGENT": "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)"},
        {"HTTP_USER_AGENT": "WhatsApp/2.23.20.0"},
        {"HTTP_USER_AGENT": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
        {"HTTP_USER_AGENT": "LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)"},
        {"HTTP_USER_AGENT": "python-requests/2.32"},
        {"HTTP_USER_AGENT": ""},
        {"HTTP_SEC_PURPOSE": "prefetch;prerender"},
        {"HTTP_PURPOSE": "preview"},
        {"HTTP_X_MOZ": "prefetch"},
    ],
)
def test_machines_are_counted_apart_and_get_no_cookie(open_page, acme, link, headers):
    response = open_page("/r/jamie-abc", **headers)

    assert response.status_code == 200
    assert "Set-Cookie" not in response.headers
    assert visits(acme) == [(link.pk, None, True)]


@pytest.mark.parametrize(
    "agent",
    [
        "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Mobile Safari/604.1",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0",
        "Mozilla/5.0 (Linux; Android 16; CUBOT X70) AppleWebKit/537.36 Chrome/150.0 Mobile Safari/537.36",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 [LinkedInApp]",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Mobile/15E148 Twitter for iPhone/10",
    ],
)
def test_people_are_not_taken_for_machines(open_page, acme, link, agent):
    open_page("/r/jamie-abc", HTTP_USER_AGENT=agent)

    assert [is_bot for _, _, is_bot in visits(acme)] == [False]


def test_head_is_a_machine(client, acme, link):
    client.head("/r/jamie-abc", HTTP_USER_AGENT="Mozilla/5.0 Chrome/150.0")

    assert visits(acme) == [(link.pk, None, True)]


def test_the_short_way_carries_every_security_header(open_page, link):
    response = open_page("/r/jamie-abc")

    wanted = ["Cache-Control", "Referrer-Policy", "X-Robots-Tag", "X-Frame-Options", "X-Content-Type-Options"]
    assert [response[name] for name in wanted] == [
        "private, no-store",
        "no-referrer",
        "noindex",
        "SAMEORIGIN",
        "nosniff",
    ]
    assert "script-src 'self'" in response["Content-Security-Policy"]
    assert response["X-Request-Id"]


def test_a_link_is_found_by_no_other_workspace(globex, link):
    with workspace_scope(globex.pk):
        assert list(Visit.objects.all()) == []
        assert list(globex.links.all()) == []
