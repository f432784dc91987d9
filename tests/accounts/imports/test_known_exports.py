"""Exports of other tools, made up after their documentation: recognised by their headers, read without a word."""

import pytest

from accounts.customers.models import Company, Contact, Deal
from accounts.imports import known
from accounts.tenancy.scope import workspace_scope
from feedback.responses.models import Response
from tests.factories import accounts as make

DELIGHTED = (
    "Survey Type,Name,Email,Score,Comment,Permalink,Survey Request Created At,Response Created At\n"
    'nps,Jamie Okafor,jamie@northwind.example,10,"Best, ever",https://app.delighted.com/r/a1,'
    "2025-03-01 08:00:00 UTC,2025-03-01 09:14:00 UTC\n"
)
ASKNICELY = (
    "Response ID,Name,Email,Segment,NPS Score,Comment,Response Date\n"
    "77,Jamie Okafor,jamie@northwind.example,Gold,9,Good,2025-03-01 09:14\n"
)
SURVEYMONKEY = (
    "Respondent ID,Collector ID,Start Date,End Date,IP Address,Email Address,First Name,Last Name,Custom Data 1,"
    '"How likely is it that you would recommend Acme to a friend?",What is the main reason for your score?\n'
    ",,,,,,,,,Response,Open-Ended Response\n"
    "118,43,03/14/2025 09:10:00 AM,03/14/2025 09:14:00 AM,10.0.0.1,jamie@northwind.example,Jamie,Okafor,,10,Fast\n"
)
TYPEFORM = (
    '#,"How likely are you to recommend us?",What\'s the most important reason?,Your email,'
    "Start Date (UTC),Submit Date (UTC),Network ID\n"
    "a1b2,9,It works,jamie@northwind.example,2025-03-01 09:10:00,2025-03-01 09:14:00,d3560842b2\n"
)
HUBSPOT_COMPANIES = (
    "Record ID,Company name,Company Domain Name,Industry,Country/Region,Company owner\n"
    "9001,Northwind,northwind.example,Logistics,United States,Sam\n"
)
HUBSPOT_CONTACTS = (
    "Record ID,First Name,Last Name,Email,Phone Number,Job Title,Associated Company IDs,Lifecycle Stage\n"
    "8001,Jamie,Okafor,jamie@northwind.example,+1 555 0100,Head of Ops,9001;9002,customer\n"
)
HUBSPOT_DEALS = (
    "Record ID,Deal Name,Deal Stage,Close Date,Create Date,Amount,Associated Company IDs\n"
    "7001,Northwind 2026,Closed Won,2025-03-20 10:00,2025-01-05 09:00,36000,9001\n"
)
SALESFORCE_ACCOUNTS = (
    "Account ID,Account Name,Website,Industry,Billing Country,Account Owner\n"
    "0015g00000AbCdE,Northwind,https://www.northwind.example,Logistics,United States,Sam\n"
)
SALESFORCE_CONTACTS = (
    "Contact ID,First Name,Last Name,Title,Account ID,Account Name,Email,Phone,Mailing Country\n"
    "0035g00000AbCdE,Jamie,Okafor,Head of Ops,9001,Northwind,jamie@northwind.example,+1 555 0100,United States\n"
)
SALESFORCE_DEALS = (
    "Opportunity ID,Opportunity Name,Stage,Amount,Close Date,Created Date,Account ID,Lead Source\n"
    "0065g00000AbCdE,Northwind,Negotiation/Review,36000,,1/25/2025,9001,Referral\n"
)
ALL = {
    "Delighted": (DELIGHTED, "responses"),
    "AskNicely": (ASKNICELY, "responses"),
    "SurveyMonkey": (SURVEYMONKEY, "responses"),
    "Typeform": (TYPEFORM, "responses"),
    "HubSpot companies": (HUBSPOT_COMPANIES, "companies"),
    "HubSpot contacts": (HUBSPOT_CONTACTS, "contacts"),
    "HubSpot deals": (HUBSPOT_DEALS, "deals"),
    "Salesforce accounts": (SALESFORCE_ACCOUNTS, "companies"),
    "Salesforce contacts": (SALESFORCE_CONTACTS, "contacts"),
    "Salesforce opportunities": (SALESFORCE_DEALS, "deals"),
}


@pytest.fixture
def northwind(acme):
    """A company and a person that files may speak of."""
    with workspace_scope(acme.pk):
        company = make.CompanyFactory(workspace=acme, external_id="9001")
        make.ContactFactory(
            workspace=acme, company=company, external_id=None, email="jamie@northwind.example", title=""
        )


def stored(acme, model, *columns):
    with workspace_scope(acme.pk):
        return list(model.objects.filter(workspace=acme).order_by("created_at").values_list(*columns))


@pytest.mark.parametrize("name", ALL)
def test_the_tool_is_recognised_and_the_file_comes_in_whole(centre, northwind, name):
    text, kind = ALL[name]

    job = centre.received(text)
    assert (known.tool_of(job), job.kind) == (name.split()[0], kind)
    assert f"This looks like an export of {name.split()[0]}" in centre.look(job).content.decode()
    centre.say(job, "columns", **centre.fields(job))
    centre.carry_on(job)
    centre.say(job, "start")
    done = centre.carry_on(job)

    assert (done.state, done.report["rows_in"], done.report["first_refused"]) == ("done", 1, [])


@pytest.mark.parametrize(
    ("text", "score", "comment", "key"),
    [
        (DELIGHTED, 10, "Best, ever", "https://app.delighted.com/r/a1"),
        (ASKNICELY, 9, "Good", "77"),
        (SURVEYMONKEY, 10, "Fast", "118"),
        (TYPEFORM, 9, "It works", None),
    ],
    ids=["Delighted", "AskNicely", "SurveyMonkey", "Typeform"],
)
def test_answers_of_survey_tools_are_those_of_the_file(centre, acme, northwind, text, score, comment, key):
    centre.imported(text)

    [(found_score, found_comment, found_key, at, metric)] = stored(
        acme, Response, "score", "comment", "external_id", "responded_at", "metric"
    )
    assert (found_score, found_comment, f"{at:%H:%M}", metric) == (score, comment, at.strftime("%H:14"), "nps")
    assert found_key == key or (key is None and found_key.startswith("import:"))


def test_a_person_of_several_companies_in_hubspot_is_at_the_first(centre, acme, northwind):
    centre.imported(HUBSPOT_CONTACTS)

    columns = ("external_id", "email", "title", "company__external_id")
    assert ("jamie@northwind.example", "Head of Ops", "9001") in [row[1:] for row in stored(acme, Contact, *columns)]


def test_deals_come_with_their_stage_in_our_words(centre, acme, northwind):
    centre.imported(HUBSPOT_DEALS)
    centre.imported(SALESFORCE_DEALS)

    assert stored(acme, Deal, "external_id", "outcome", "value_minor", "source") == [
        ("7001", "won", 3_600_000, "unknown"),
        ("0065g00000AbCdE", "open", 3_600_000, "referral"),
    ]


def test_a_companys_site_is_its_mail_domain(centre, acme):
    centre.imported(SALESFORCE_ACCOUNTS)

    assert stored(acme, Company, "name", "domains__domain", "country") == [("Northwind", "northwind.example", "US")]


def test_headers_of_no_tool_are_read_by_their_names(centre):
    job = centre.received("id,name,plan\nA-1,One,Pro\n")

    assert (known.tool_of(job), job.kind) == ("", "companies")
