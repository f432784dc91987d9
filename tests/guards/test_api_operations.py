"""Every operation of the API: no key, a stranger's key, a key that may only read. No new route is forgotten."""

import datetime
import re

import pytest
from django.urls import URLResolver, get_resolver
from uuid_utils.compat import uuid7

from accounts.api.models import Scope
from accounts.api.views import WorkspaceAPIView
from accounts.events import actions as events
from accounts.tenancy import ids
from accounts.tenancy.actor import SYSTEM
from tests.factories import accounts, feedback, referrals, rewards
from tests.factories.accounts import NOW

# Routes that show nothing of any workspace.
WITHOUT_WORKSPACE = {
    "api/v1/schema": "the description of the API",
    "api/v1/docs": "the readable page of the description",
}

READS, WRITES = ("get",), ("post", "put", "patch", "delete")


def _contact(workspace):
    return accounts.ContactFactory(workspace=workspace)


def _event(workspace):
    company = accounts.CompanyFactory(workspace=workspace)
    events.record(workspace_id=workspace.pk, type="company.created", subject=company, by=SYSTEM, now=NOW)
    return workspace.events.get()


def _invitation(workspace):
    survey = feedback.SurveyFactory(workspace=workspace)
    expires_at = NOW + datetime.timedelta(days=30)
    return workspace.invitations.create(survey=survey, contact=_contact(workspace), expires_at=expires_at)


# Each path parameter, and how to make a row that it may name. A new parameter needs a line here.
ROWS = {
    "ask_id": lambda w: referrals.AskFactory(link__contact=_contact(w)),
    "company_id": lambda w: accounts.CompanyFactory(workspace=w),
    "contact_id": _contact,
    "event_id": _event,
    "hold_id": lambda w: accounts.HoldFactory(company__workspace=w),
    "invitation_id": _invitation,
    "link_id": lambda w: referrals.LinkFactory(contact=_contact(w)),
    "member_id": lambda w: accounts.MemberFactory(workspace=w),
    "moment_id": lambda w: feedback.MomentFactory(response__contact=_contact(w)),
    "outcome_id": lambda w: accounts.OutcomeFactory(company__workspace=w),
    "program_id": lambda w: referrals.ProgramFactory(workspace=w),
    "referral_id": lambda w: referrals.ReferralFactory(link__contact=_contact(w)),
    "response_id": lambda w: feedback.ResponseFactory(contact=_contact(w)),
    "reward_id": lambda w: rewards.RewardFactory(contact=_contact(w)),
    "rule_id": lambda w: rewards.RewardRuleFactory(workspace=w),
    "survey_id": lambda w: feedback.SurveyFactory(workspace=w),
    "thank_you_id": lambda w: referrals.ThankYouFactory(contact=_contact(w)),
}

# The body is judged before the row is looked at, so a stranger needs a good one to get as far as the 404.
BODIES: dict[tuple[str, str], dict] = {
    ("post", "api/v1/asks/<str:ask_id>/skip"): {"reason": "later"},
    ("post", "api/v1/surveys/<str:survey_id>/invitations"): {"contacts": [{"external_id": "somebody"}]},
    ("post", "api/v1/referrals/<str:referral_id>/transitions"): {"stage": "contacted"},
    ("post", "api/v1/rewards/<str:reward_id>/cancel"): {"reason": "a mistake"},
    ("post", "api/v1/thank-yous/<str:thank_you_id>/skip"): {"reason": "said it on the phone"},
}


def walk(resolver, start=""):
    for entry in resolver.url_patterns:
        route = start + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from walk(entry, route)
        else:
            yield route, getattr(entry.callback, "view_class", None) or getattr(entry.callback, "cls", None)


def operations():
    for route, view in walk(get_resolver()):
        # The address with a trailing slash is the same operation.
        plain = re.sub(r"/\??\$?$", "", route)
        if plain.startswith("api/v1/") and plain == route and route not in WITHOUT_WORKSPACE:
            for method in READS + WRITES:
                if hasattr(view, method):
                    yield method, route, view


OPERATIONS = list(operations())
WITH_ID = [(method, route) for method, route, _view in OPERATIONS if "<" in route]
WRITING = [(method, route) for method, route, _view in OPERATIONS if method in WRITES]


def parameters(route):
    return re.findall(r"<(?:\w+:)?(\w+)>", route)


def address(route, **values):
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: values[found[1]], route)


def call(client, method, url, route):
    body = BODIES.get((method, route), {})
    return getattr(client, method)(url, **({} if method == "get" else {"data": body, "format": "json"}))


def random_id(row):
    return ids.encode(row.prefix, uuid7())


def test_the_resolver_was_walked():
    assert {("get", "api/v1/contacts"), ("delete", "api/v1/holds/<str:hold_id>")} <= {
        (method, route) for method, route, _view in OPERATIONS
    }


def test_every_path_parameter_has_a_row():
    wanted = {name for _method, route in WITH_ID for name in parameters(route)}

    assert wanted - set(ROWS) == set()


@pytest.mark.parametrize(("method", "route"), [(m, r) for m, r, _view in OPERATIONS])
def test_without_a_key_every_operation_is_a_401_problem(db, client, method, route):
    url = address(route, **dict.fromkeys(parameters(route), "x_1"))

    answer = getattr(client, method)(url, **({} if method == "get" else {"content_type": "application/json"}))

    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")
    assert answer.json()["code"] == "not_authenticated"


@pytest.mark.parametrize(("method", "route"), WITH_ID)
def test_a_strangers_key_finds_what_a_random_id_finds(foreign_api, acme, scope, method, route):
    with scope(acme.pk):
        rows = {name: ROWS[name](acme) for name in parameters(route)}
    foreign = address(route, **{name: row.public_id for name, row in rows.items()})
    random = address(route, **{name: random_id(row) for name, row in rows.items()})

    answers = [call(foreign_api, method, url, route) for url in (foreign, random)]

    assert [answer.status_code for answer in answers] == [404, 404]
    foreign_body, random_body = ({**a.json(), "request_id": None} for a in answers)
    assert foreign_body == random_body


@pytest.mark.parametrize("route", sorted({route for _method, route in WITH_ID}))
def test_an_id_that_can_not_be_read_is_not_found(api, route):
    answer = None
    for method, known in WITH_ID:
        if known == route:
            url = address(route, **dict.fromkeys(parameters(route), "no-id"))
            answer = call(api, method, url, route)
            assert answer.status_code == 404, (method, answer.content)
    assert answer is not None


@pytest.mark.parametrize(("method", "route"), WRITING)
def test_a_key_that_may_only_read_is_refused_before_anything_else(reading_api, method, route):
    url = address(route, **dict.fromkeys(parameters(route), "x_1"))

    answer = call(reading_api, method, url, route)

    assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")


@pytest.mark.parametrize(("method", "route", "view"), OPERATIONS)
def test_every_operation_is_an_endpoint_of_a_workspace_and_names_the_scope_it_writes_with(method, route, view):
    assert issubclass(view, WorkspaceAPIView)
    if method in WRITES:
        own = [cls for cls in view.__mro__ if cls is not WorkspaceAPIView and "write_scope" in vars(cls)]
        assert own, f"{view.__name__} writes with the default scope"
        assert view.write_scope in set(Scope.values) - {Scope.READ}
