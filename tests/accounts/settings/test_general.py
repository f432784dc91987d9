"""The workspace itself: general, legal, brand, hours."""

import io

import pytest
import requests
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.tenancy import colours, logos
from accounts.tenancy.outgoing import OutgoingSession

GENERAL = "/app/acme/settings/workspace"
BRAND = "/app/acme/settings/brand"
LEGAL = "/app/acme/settings/legal"
HOURS = "/app/acme/settings/hours"
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40
FIELDS = {
    "name": "Acme Inc",
    "timezone": "Europe/Berlin",
    "country": "DE",
    "locale": "en",
    "currency": "USD",
    "approval_limit": "500",
    "sender_name": "Ana Acme",
    "sender_email": "ana@acme.example",
}
SHOWN = {
    "polite_starts": "08:30",
    "polite_ends": "17:30",
    "working_days": ["0", "1", "2", "3"],
    "weekends": "wait",
    "fallback_starts": "10:00",
    "fallback_ends": "16:00",
    "warm_start_per_day": "4",
}


def test_the_index_shows_each_role_what_it_may_set(sign_in):
    owner = [page["label"] for page in sign_in("owner").get("/app/acme/settings/").context["tabs"]]
    admin = [page["label"] for page in sign_in("admin").get("/app/acme/settings/").context["tabs"]]
    writer = [page["label"] for page in sign_in("marketing").get("/app/acme/settings/").context["tabs"]]

    assert set(owner) - set(admin) == {"Take it along", "Suspend or close"}
    assert {"General", "Brand", "Legal", "Hours and days", "Audit log"} <= set(admin)
    assert writer == ["Programs", "Reward rules"]


def test_what_changed_is_written_down_with_what_it_was(sign_in, in_acme):
    answer = sign_in("admin").post(GENERAL, FIELDS)

    assert answer.status_code == 302
    in_acme.refresh_from_db()
    assert (in_acme.name, in_acme.approval_limit_minor) == ("Acme Inc", 50_000)
    event = in_acme.events.get(type="workspace.changed")
    assert event.data == {"fields": ["name"], "changes": {"name": ["Acme", "Acme Inc"]}}


def test_saving_what_is_there_already_is_no_change(sign_in, in_acme):
    sign_in("admin").post(GENERAL, FIELDS | {"name": "Acme"})

    assert in_acme.events.filter(type="workspace.changed").exists() is False


def test_eu_mode_asks_for_imprint_and_privacy_policy_beside_their_fields(sign_in, in_acme):
    client = sign_in("admin")

    refused = client.post(LEGAL, {"postal_address": "1 Main Street", "eu_mode": "on"})
    taken = client.post(
        LEGAL, {"eu_mode": "on", "imprint_url": "https://acme.example/imprint", "privacy_url": "acme.example/privacy"}
    )

    assert (refused.status_code, sorted(refused.context["form"].errors)) == (422, ["imprint_url", "privacy_url"])
    assert taken.status_code == 302
    in_acme.refresh_from_db()
    assert (in_acme.eu_mode, in_acme.privacy_url) == (True, "https://acme.example/privacy")


# --- brand


def test_an_uploaded_logo_stands_on_public_pages_and_is_served_harmless(client, sign_in, in_acme):
    file = SimpleUploadedFile("logo.png", PNG, "image/png")

    sign_in("admin").post(BRAND, {"logo_file": file, "brand_color": "2747B8", "tone": "formal"})

    in_acme.refresh_from_db()
    assert (in_acme.brand_color, in_acme.tone) == ("#2747b8", "formal")
    served = client.get(in_acme.logo_url)
    assert (served.status_code, served.content, served["Content-Type"]) == (200, PNG, "image/png")
    assert served["Content-Security-Policy"].endswith("sandbox")
    assert in_acme.logo_url in client.get(f"{BRAND}/preview/survey").content.decode()


def test_another_logo_has_another_address_and_the_old_one_is_gone(client, sign_in, in_acme):
    admin = sign_in("admin")
    admin.post(BRAND, {"logo_file": SimpleUploadedFile("a.png", PNG), "tone": "first_name"})
    in_acme.refresh_from_db()
    old = in_acme.logo_url

    admin.post(BRAND, {"logo_file": SimpleUploadedFile("b.svg", b"<svg xmlns='x'></svg>"), "tone": "first_name"})

    in_acme.refresh_from_db()
    assert (client.get(old).status_code, client.get(in_acme.logo_url)["Content-Type"]) == (404, "image/svg+xml")
    admin.post(BRAND, {"drop_logo": "on", "tone": "first_name"})
    in_acme.refresh_from_db()
    assert (in_acme.logo_url, in_acme.logos.count()) == ("", 0)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("logo.png", b"<script>alert(1)</script>", "no PNG"),
        ("logo.html.svg", b"<html><svg></svg></html>", "no PNG"),
        ("huge.png", PNG + b"0" * logos.LARGEST, "kB"),
    ],
)
def test_what_is_no_picture_is_refused_by_what_it_is(sign_in, in_acme, name, content, words):
    answer = sign_in("admin").post(BRAND, {"logo_file": SimpleUploadedFile(name, content), "tone": "first_name"})

    assert answer.status_code == 422
    assert words in answer.context["form"].errors["logo_file"][0]
    assert in_acme.logos.count() == 0


def test_a_logo_by_its_address_is_fetched_once_and_kept(sign_in, in_acme, monkeypatch):
    def get(session, method, url, **kwargs):
        answer = requests.Response()
        answer.status_code, answer.raw, answer._content = 200, io.BytesIO(), PNG
        return answer

    monkeypatch.setattr(OutgoingSession, "request", get)

    sign_in("admin").post(BRAND, {"logo_address": "https://acme.example/logo.png", "tone": "first_name"})

    in_acme.refresh_from_db()
    assert in_acme.logo.endswith(".png")


@pytest.mark.django_db(transaction=True)
def test_a_logo_inside_our_own_walls_is_not_fetched(client, acme, scope):
    from accounts.members.models import User
    from tests.factories import accounts as make

    with scope(acme.pk):
        member = make.MemberFactory(workspace=acme)
    client.force_login(User.objects.get(pk=member.user_id))

    answer = client.post(BRAND, {"logo_address": "https://127.0.0.1/logo.png", "tone": "first_name"})

    assert answer.status_code == 422
    assert "private network" in answer.context["form"].errors["logo_address"][0]


def test_the_preview_shows_what_is_typed_and_stores_nothing(sign_in, in_acme):
    admin = sign_in("admin")

    typed = admin.get(f"{BRAND}/preview/advocate?brand_color=%23ffcc00&tone=formal")
    broken = admin.get(f"{BRAND}/preview/landing?brand_color=javascript:1")

    assert "/brand/ffcc00.css" in typed.content.decode()
    assert "Jamie Okafor, " in typed.content.decode()
    assert "javascript:" not in broken.content.decode()
    assert "frame-ancestors 'self'" in typed["Content-Security-Policy"]
    assert "form-action 'none'" in typed["Content-Security-Policy"]
    in_acme.refresh_from_db()
    assert (in_acme.brand_color, in_acme.tone, in_acme.contacts.count()) == ("", "first_name", 0)


def test_every_colour_is_readable_after_the_look_has_moved_it():
    for red in range(0, 256, 51):
        for green in range(0, 256, 51):
            for blue in range(0, 256, 51):
                readings = colours.readings(f"{red:02x}{green:02x}{blue:02x}")
                assert min(one.contrast for one in readings) >= 4.5, (red, green, blue)


def test_words_say_what_becomes_of_a_colour(sign_in):
    bright = sign_in("admin").get(f"{BRAND}/readings?brand_color=%23ffcc00").content.decode()
    dark = sign_in("admin").get(f"{BRAND}/readings?brand_color=%23123456").content.decode()

    assert "with dark words on it" in bright
    assert "with white words on it" in dark


# --- hours and days


def test_hours_are_kept(sign_in, in_acme):
    assert sign_in("admin").post(HOURS, SHOWN).status_code == 302

    in_acme.refresh_from_db()
    kept = (in_acme.working_days, in_acme.weekends, in_acme.polite_starts.isoformat(), in_acme.warm_start_per_day)
    assert kept == ([0, 1, 2, 3], "wait", "08:30:00", 4)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"polite_starts": "05:00"}, "polite_starts"),
        ({"fallback_ends": "22:30"}, "fallback_ends"),
        ({"fallback_starts": "15:00", "fallback_ends": "16:30"}, "fallback_ends"),
        ({"polite_starts": "17:00", "polite_ends": "09:00"}, "polite_ends"),
        ({"working_days": []}, "working_days"),
    ],
)
def test_hours_at_night_or_too_few_are_refused_beside_their_field(sign_in, in_acme, wrong, field):
    answer = sign_in("admin").post(HOURS, SHOWN | wrong)

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    in_acme.refresh_from_db()
    assert in_acme.working_days == [0, 1, 2, 3, 4]


def test_a_day_of_ones_own_stands_among_the_holidays_and_can_be_taken_away(sign_in, in_acme, time_machine):
    time_machine.move_to("2026-11-17 10:00 +0000")
    admin = sign_in("admin")

    admin.post(f"{HOURS}/days", {"day": "2026-12-24", "name": "Company holiday"})

    coming = admin.get(HOURS).context["coming"]
    assert [(one.day.isoformat(), one.own) for one in coming][:3] == [
        ("2026-12-24", True),
        ("2026-12-25", False),
        ("2026-12-26", False),
    ]
    admin.post(f"{HOURS}/days/drop", {"day": "2026-12-24"})
    in_acme.refresh_from_db()
    assert in_acme.own_days == {}


@pytest.mark.parametrize("day", ["2020-01-01", "2031-01-01", "never"])
def test_a_day_that_is_over_or_far_away_is_refused(sign_in, in_acme, time_machine, day):
    time_machine.move_to("2026-11-17 10:00 +0000")

    answer = sign_in("admin").post(f"{HOURS}/days", {"day": day, "name": "Party"})

    assert (answer.status_code, list(answer.context["day_form"].errors)) == (422, ["day"])


def test_a_key_may_end_by_itself_at_the_end_of_a_day(sign_in, in_acme, time_machine):
    time_machine.move_to("2026-11-17 10:00 +0000", tick=False)
    admin = sign_in("admin")

    late = admin.post("/app/acme/settings/keys", {"name": "CRM", "scopes": ["read"], "last_day": "2026-11-16"})
    admin.post("/app/acme/settings/keys", {"name": "CRM", "scopes": ["read"], "last_day": "2026-11-30"})

    assert (late.status_code, list(late.context["form"].errors)) == (422, ["last_day"])
    assert in_acme.api_keys.get().expires_at.isoformat() == "2026-11-30T23:00:00+00:00"  # midnight in Berlin


def test_usage_counts_what_is_there(sign_in, in_acme):
    used = {one.label: one.value for one in sign_in("admin").get("/app/acme/settings/usage").context["used"]}

    assert used == {
        "People": 0,
        "Companies": 0,
        "Team": 1,
        "Surveys": 0,
        "Answers": 0,
        "Asks": 0,
        "Asks for old praise": 0,
        "Mails": 0,
    }
