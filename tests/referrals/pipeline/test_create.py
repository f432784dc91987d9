from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from accounts.customers.models import CompanyDomain
from accounts.events.models import Event
from accounts.tenancy.actor import SYSTEM
from accounts.tenancy.errors import InvalidInput
from accounts.tenancy.scope import workspace_scope
from referrals.pipeline import actions as pipeline
from referrals.pipeline.referee import Referee
from tests.factories import accounts as make
from tests.factories import referrals as tell

NOW = make.NOW
KIM = Referee(name="Kim Park", email="Kim@Globex.example", company_name="Globex", title="Head of Ops")


@pytest.fixture
def program(in_acme):
    return tell.ProgramFactory(workspace=in_acme)


@pytest.fixture
def jamie(in_acme):
    return make.ContactFactory(workspace=in_acme)


@pytest.fixture
def refer(in_acme, program, jamie):
    def create(referee=KIM, **fields):
        wanted = {"referrer": jamie, "source": "link", "by": SYSTEM, "now": NOW, **fields}
        return pipeline.create(workspace=in_acme, program=program, referee=referee, **wanted)

    return create


def test_a_reachable_referee_is_new_and_somebody_else_is_named(refer):
    new, _ = refer()
    named, _ = refer(Referee(name="Lee Moss", company_name="Initech", title="CFO"))

    assert (new.stage, new.kind, new.referee_email_normalized, new.referee_company_domain) == (
        "new", "new_business", "kim@globex.example", "globex.example",
    )  # fmt: skip
    assert (named.stage, named.referee_name, named.referee_company_name, named.referee_title) == (
        "named", "Lee Moss", "Initech", "",
    )  # fmt: skip


def test_a_name_is_the_least_we_need(refer):
    with pytest.raises(InvalidInput) as refused:
        refer(Referee(name="  ", email="kim@globex.example"))

    assert refused.value.field == "referee.name"


@pytest.mark.parametrize(
    ("given", "field"),
    [({"email": "kim at globex"}, "referee.email"), ({"company_domain": "not a domain"}, "referee.company_domain")],
)
def test_what_could_never_become_a_contact_is_refused_at_the_door(refer, in_acme, given, field):
    with pytest.raises(InvalidInput) as refused:
        refer(Referee(name="Kim Park", **given))

    assert (refused.value.field, in_acme.referrals.count()) == (field, 0)


def test_an_odd_time_zone_of_a_browser_turns_nobody_away(refer):
    referral, _ = refer(Referee(name="Kim Park", email="kim@globex.example", timezone="Mars/Olympus"))

    assert referral.referee_timezone == ""


def test_the_same_external_id_gives_the_first_referral_unchanged(refer, in_acme):
    first, _ = refer(external_id="crm-7")
    again, created = refer(Referee(name="Somebody Else", email="else@other.example"), external_id="crm-7")

    assert (again.pk, again.referee_name, created) == (first.pk, "Kim Park", False)
    assert in_acme.referrals.count() == 1


def test_the_same_address_is_referred_once_while_it_is_open(refer):
    first, _ = refer()
    again, created = refer(Referee(name="K. Park", email="kim@globex.EXAMPLE"))
    pipeline.move(referral=first, stage="lost", by=SYSTEM, now=NOW)
    later, created_later = refer()

    assert (again.pk, created) == (first.pk, False)
    assert (later.pk != first.pk, created_later) == (True, True)


def test_a_colleague_is_internal_and_never_called_fraud(refer, in_acme, jamie, ana):
    jamie.company.owner = ana
    jamie.company.save()
    CompanyDomain.objects.create(workspace=in_acme, company=jamie.company, domain="northwind.example")

    by_domain, _ = refer(Referee(name="Pat Lee", email="pat@northwind.example"))
    themselves, _ = refer(Referee(name="Jamie Okafor", email=jamie.email))

    assert [(r.kind, r.owner) for r in (by_domain, themselves)] == [("internal", ana), ("internal", ana)]
    assert by_domain.decision == (
        "A colleague at Northwind: it goes to the person who looks after the account, without a reward."
    )


def test_two_people_at_a_free_mail_house_are_no_colleagues(refer, jamie):
    jamie.email = jamie.email_normalized = "jamie@gmail.com"
    jamie.save()

    referral, _ = refer(Referee(name="Kim Park", email="kim@gmail.com"))

    assert (referral.kind, referral.referee_company_domain, referral.decision) == ("new_business", "", "")


@pytest.mark.parametrize(
    ("company", "deal", "kind"),
    [({}, False, "helped"), ({"churned_at": NOW - timedelta(days=90)}, False, "win_back"), ({}, True, "helped")],
)
def test_somebody_we_know_is_recognised_kindly(refer, in_acme, company, deal, kind):
    globex = make.CompanyFactory(workspace=in_acme, name="Globex", **company)
    make.ContactFactory(workspace=in_acme, company=globex, email="kim@globex.example", first_name="Kim")
    if deal:
        in_acme.deals.create(external_id="d1", company=globex, created_on=NOW.date())

    referral, _ = refer()

    assert referral.kind == kind
    assert "Globex" in referral.decision


def test_the_second_referral_of_one_company_says_who_was_first(refer):
    refer()
    second, _ = refer(Referee(name="Ola Berg", email="ola@globex.example"))

    assert second.decision == "Kim Park of the same company was referred first: a person decides who is rewarded."


def test_the_sales_member_with_the_fewest_open_referrals_is_told_at_once(refer, in_acme, ana):
    busy = make.MemberFactory(workspace=in_acme, role="sales", name="Bo Busy")
    free = make.MemberFactory(workspace=in_acme, role="sales", name="Fay Free")
    tell.ReferralFactory(link__contact__workspace=in_acme, link__program__workspace=in_acme, owner=busy)

    referral, _ = refer(relation="we studied together", advocate_note="She fights with month-end.")

    message = in_acme.messages.get()
    assert (referral.owner, message.to_email, message.kind, message.due_at) == (free, free.email, "notice", NOW)
    assert message.subject == "Jamie Okafor introduces Kim Park of Globex"
    assert "How they know each other: we studied together\nWhat was said: She fights with month-end." in (
        message.body_text
    )


def test_a_mere_name_disturbs_nobody(refer, in_acme, ana):
    refer(Referee(name="Lee Moss"))

    assert in_acme.messages.count() == 0


def test_the_event_knows_no_name_or_address(refer, in_acme, jamie, program):
    referral, _ = refer()

    event = Event.objects.get(workspace=in_acme, type="referral.created")
    assert (event.contact_id, event.data) == (
        jamie.pk,
        {
            "referral": referral.public_id,
            "stage": "new",
            "kind": "new_business",
            "source": "link",
            "referrer": jamie.public_id,
            "program": program.public_id,
        },
    )


def test_names_that_were_never_introduced_are_forgotten_after_thirty_days(refer, in_acme):
    refer(Referee(name="Lee Moss"))
    introduced, _ = refer()

    assert pipeline.forget_named(in_acme, NOW - timedelta(days=1), 100) == 0
    assert pipeline.forget_named(in_acme, NOW, 100) == 1
    assert list(in_acme.referrals.all()) == [introduced]


@pytest.mark.django_db(transaction=True)
def test_twenty_forms_sent_at_once_are_one_referral(acme):
    with workspace_scope(acme.pk):
        jamie = make.ContactFactory(workspace=acme)
        program = tell.ProgramFactory(workspace=acme)

    def create(_number):
        try:
            with workspace_scope(acme.pk):
                wanted = {"referrer": jamie, "source": "link", "by": SYSTEM, "now": NOW}
                return pipeline.create(workspace=acme, program=program, referee=KIM, **wanted)[1]
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        created = list(pool.map(create, range(20)))

    with workspace_scope(acme.pk):
        assert (sum(created), acme.referrals.count()) == (1, 1)
