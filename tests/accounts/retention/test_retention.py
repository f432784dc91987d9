"""What is older than it is kept is forgotten, counted and written down."""

import datetime

import pytest
from django.db import connection
from django.utils import timezone

from accounts.events import actions as events
from accounts.retention import actions, registry
from accounts.tenancy.actor import SYSTEM
from feedback.responses.models import Response
from referrals.links.models import Visit
from tests.factories import accounts as make
from tests.factories import feedback as make_feedback
from tests.factories import referrals as make_referrals
from tests.factories.accounts import NOW

RETENTION = "/app/acme/settings/retention"
KEPT = {"visitors_kept_days": "90", "comments_kept_months": "", "named_kept_days": "14", "events_kept_months": "24"}
DAY = datetime.timedelta(days=1)
VISITOR = "01900000-0000-7000-8000-000000000001"


def key_of(days):
    """The key of what was recorded so many days ago: the log is append-only, so its entries are written old."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT uuidv7(make_interval(days => %s))", [-days])
        return cursor.fetchone()[0]


def test_every_setting_of_retention_has_a_rule_and_a_field():
    assert {rule.setting for rule in registry.rules()} == set(KEPT)


def test_settings_are_kept(sign_in, in_acme):
    assert sign_in("admin").post(RETENTION, KEPT).status_code == 302

    in_acme.refresh_from_db()
    kept = (in_acme.visitors_kept_days, in_acme.comments_kept_months, in_acme.named_kept_days)
    assert (*kept, in_acme.events_kept_months) == (90, None, 14, 24)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"named_kept_days": "31"}, "named_kept_days"),
        ({"named_kept_days": ""}, "named_kept_days"),
        ({"events_kept_months": "11"}, "events_kept_months"),
        ({"visitors_kept_days": "0"}, "visitors_kept_days"),
    ],
)
def test_what_the_law_does_not_leave_open_is_refused(sign_in, in_acme, wrong, field):
    answer = sign_in("admin").post(RETENTION, KEPT | wrong)

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])


def test_old_visitors_words_and_names_are_forgotten_and_new_ones_stay(in_acme, globex, scope):
    in_acme.comments_kept_months = 12
    in_acme.save()
    link = make_referrals.LinkFactory(contact=make.ContactFactory(workspace=in_acme))
    for age in (10, 400):
        Visit.objects.create(workspace=in_acme, link=link, visitor_id=VISITOR, at=NOW - age * DAY)
        make_feedback.ResponseFactory(contact=link.contact, comment="I love it", responded_at=NOW - age * DAY)
    old = make_referrals.ReferralFactory(link=link, stage="named", stage_changed_at=NOW - 31 * DAY)
    new = make_referrals.ReferralFactory(link=link, stage="named", stage_changed_at=NOW - 29 * DAY)
    with scope(globex.pk):
        theirs = make_referrals.LinkFactory(contact=make.ContactFactory(workspace=globex))
        Visit.objects.create(workspace=globex, link=theirs, visitor_id=VISITOR, at=NOW - 400 * DAY)

    told = actions.apply(workspace_id=in_acme.pk, now=NOW)

    assert told == {"comments": 1, "visitors": 1, "names": 1}
    assert sorted(Response.objects.values_list("comment", flat=True)) == ["", "I love it"]
    assert Visit.objects.filter(workspace=in_acme).count() == 2
    assert Visit.objects.filter(workspace=in_acme, visitor_id=None).count() == 1
    assert list(in_acme.referrals.all()) == [new] != [old]
    assert in_acme.events.get(type="retention.applied").data == {"counts": told}
    with scope(globex.pk):
        assert Visit.objects.filter(workspace=globex, visitor_id=None).count() == 0


def test_a_name_we_were_thanked_for_goes_and_the_thanks_stay(in_acme):
    link = make_referrals.LinkFactory(contact=make.ContactFactory(workspace=in_acme))
    referral = make_referrals.ReferralFactory(
        link=link, stage="named", stage_changed_at=NOW - 31 * DAY, referee_name="Lee Moss", referee_company_name="Tarn"
    )
    make_referrals.ThankYouFactory(contact=link.contact, referral=referral)

    first = actions.apply(workspace_id=in_acme.pk, now=NOW)
    second = actions.apply(workspace_id=in_acme.pk, now=NOW)

    referral.refresh_from_db()
    assert (referral.referee_name, referral.referee_company_name) == ("Somebody", "")
    assert (first, second) == ({"names": 1}, {})


def test_old_entries_of_the_log_go_but_the_latest_of_each_thing_stays(in_acme):
    in_acme.events_kept_months = 12
    in_acme.save()
    jamie = make.ContactFactory(workspace=in_acme)
    rows = []
    for sequence, days in ((1, 800), (2, 500), (3, 10)):
        rows.append((key_of(days), in_acme.pk, jamie.pk, sequence))
    rows.append((key_of(900), in_acme.pk, make.ContactFactory(workspace=in_acme).pk, 1))
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO accounts_event (id, workspace_id, type, version, occurred_at, actor_kind, subject_kind,"
            " subject_id, sequence, data)"
            " VALUES (%s, %s, 'contact.updated', 1, now(), 'system', 'contact', %s, %s, '{}')",
            rows,
        )

    told = actions.apply(workspace_id=in_acme.pk, now=timezone.now())

    assert told == {"log entries": 2}
    assert sorted(in_acme.events.filter(type="contact.updated").values_list("sequence", flat=True)) == [1, 3]


def test_kept_for_good_is_kept_for_good(in_acme):
    jamie = make.ContactFactory(workspace=in_acme)
    events.record(workspace_id=in_acme.pk, type="contact.updated", subject=jamie, by=SYSTEM, now=NOW)
    make_feedback.ResponseFactory(contact=jamie, comment="I love it", responded_at=NOW - 4000 * DAY)

    assert actions.apply(workspace_id=in_acme.pk, now=NOW) == {}
