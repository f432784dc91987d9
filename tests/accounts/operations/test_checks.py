"""Each thing the doctor can find, made to be so."""

import datetime
import smtplib
import socket
import ssl

import dns.resolver
import pytest
import time_machine
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from django.db import connection
from django.db.models.functions import Now
from django.utils import timezone

from accounts.operations import queries
from accounts.operations.checks import broker, database, disk, mail, production, rows, workers
from accounts.operations.checks import dns as dns_check
from accounts.operations.findings import Level
from accounts.tenancy.scope import workspace_scope
from accounts.workers import actions, pulse
from accounts.workers.models import Outage, Pulse, WorkerHeartbeat
from tests.accounts.operations.name_server import serving
from tests.conftest import connect_as
from tests.smtp import free_port

QUEUES = ["asks", "bulk", "default", "mail", "money"]


def found(check):
    """[(level, sentence)]; whatever is not well says what to do."""
    findings = list(check)
    assert [one for one in findings if one.level in (Level.WARNING, Level.WRONG) and not one.do] == []
    return [(str(one.level), one.says) for one in findings]


def troubles(check):
    return [pair for pair in found(check) if pair[0] != "ok"]


# --- Database


def test_a_sound_database(db):
    assert [level for level, _says in found(database.check())] == ["ok", "ok", "ok", "ok"]


def test_a_release_whose_migrations_are_missing(db):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'accounts' AND name >= '0007'")

    ((level, says),) = troubles(database.check())

    assert (level, "accounts.0007" in says, "and those after it" in says) == ("wrong", True, True)


def test_a_server_that_is_too_old(db, monkeypatch):
    monkeypatch.setattr(database, "OLDEST_POSTGRESQL", 99)

    assert troubles(database.check()) == [("wrong", "PostgreSQL 18 is too old.")]


@pytest.mark.django_db(transaction=True)
def test_the_owner_must_not_serve():
    connect_as("MIGRATION_DATABASE_URL")
    try:
        ((level, says),) = troubles(database.check())
    finally:
        connect_as("DATABASE_URL")

    assert (level, "row-level security does not bind" in says) == ("wrong", True)


@pytest.mark.parametrize(
    ("seconds", "level", "words"),
    [(10, "warning", "10 seconds ahead of"), (-300, "wrong", "5 minutes behind"), (7300, "wrong", "2 hours ahead of")],
)
def test_clocks_that_contradict_each_other(db, seconds, level, words):
    # Half a second on top: the machine needs some time to ask.
    with time_machine.travel(timezone.now() + datetime.timedelta(seconds=seconds + 0.5 * (seconds > 0) - 0.5)):
        ((found_level, says),) = troubles(database.check())

    assert (found_level, says.startswith("The clock of this machine is")) == (level, True)
    if abs(seconds) > 60:
        assert words in says


# --- Broker


def test_a_broker_that_forgets_nothing():
    assert found(broker.check()) == [("ok", "The broker answers."), ("ok", "The broker throws nothing away.")]


def test_a_broker_that_is_down(settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"

    ((level, says),) = found(broker.check())

    assert (level, says.startswith("The broker does not answer")) == ("wrong", True)


def test_a_broker_that_throws_messages_away():
    with queries.broker() as client:
        client.config_set("maxmemory-policy", "allkeys-lru")
        try:
            assert troubles(broker.check()) == [
                ("wrong", "When its memory is full the broker throws messages away (allkeys-lru).")
            ]
        finally:
            client.config_set("maxmemory-policy", "noeviction")


# --- Workers and the beat


@pytest.fixture
def at_work(db):
    def worker(name="celery@one", *, silent_s=0, **facts):
        actions.beat_heart(
            **{
                "name": name,
                "pid": 7,
                "version": "0.1.0",
                "queues": QUEUES,
                "running_s": 30.0,
                "consumed_s_ago": 1.0,
                **facts,
            }
        )
        WorkerHeartbeat.objects.filter(name=name).update(seen_at=Now() - datetime.timedelta(seconds=silent_s))

    return worker


def test_a_worker_at_work(at_work):
    at_work()

    assert found(workers.check()) == [("ok", "1 worker at work: celery@one.")]


def test_nobody_works(db):
    said = troubles(workers.check())

    assert said[0] == ("wrong", "No worker is at work, so nothing leaves the house.")
    assert ("wrong", "Nobody consumes the queue asks; 0 messages wait in it.") in said


def test_a_worker_that_died(at_work):
    at_work()
    at_work("celery@gone", silent_s=190)

    assert troubles(workers.check()) == [
        ("wrong", "celery@gone has said nothing for 3 minutes and did not stop in order.")
    ]


def test_workers_that_hear_nothing_lag_behind_or_live_in_another_time(at_work):
    at_work("celery@deaf", consumed_s_ago=250.0)
    at_work("celery@new", consumed_s_ago=None)
    at_work("celery@old", version="0.0.9")
    at_work("celery@zone")
    WorkerHeartbeat.objects.filter(name="celery@zone").update(clock_ahead_s=3700)

    assert troubles(workers.check()) == [
        ("warning", "celery@deaf is alive and has heard nothing from the broker for 4 minutes."),
        ("warning", "celery@new is alive and has heard nothing from the broker yet."),
        ("warning", "celery@old runs release 0.0.9, this is 0.1.0."),
        ("wrong", "The clock of the machine of celery@zone is 1 hour ahead of the database's."),
    ]


def test_a_queue_nobody_consumes_and_one_that_is_too_long(at_work, monkeypatch):
    at_work(queues=["asks", "bulk", "default", "mail"])
    monkeypatch.setattr(workers, "_LONG_QUEUE", 2)
    with queries.broker() as client:
        client.rpush("money", "one")
        client.rpush("bulk", "one", "two", "three")
        try:
            assert troubles(workers.check()) == [
                ("warning", "3 messages wait in the queue bulk."),
                ("wrong", "Nobody consumes the queue money; 1 message wait in it."),
            ]
        finally:
            client.delete("money", "bulk")


def test_queues_that_cannot_be_seen(at_work, settings):
    at_work()
    settings.REDIS_URL = "redis://127.0.0.1:1/0"

    assert troubles(workers.check()) == [("unknown", "The queues cannot be seen: the broker does not answer.")]


def test_nobody_ever_looked_for_due_mail(db):
    assert found(workers.check_beat()) == [("wrong", "Nobody has ever looked for due mail.")]


def test_nobody_has_looked_for_due_mail_for_a_while(db):
    pulse.beat()
    assert [level for level, _says in found(workers.check_beat())] == ["ok"]
    Pulse.objects.update(beat_at=Now() - datetime.timedelta(minutes=9, seconds=5))

    assert found(workers.check_beat()) == [("wrong", "Nobody has looked for due mail for 9 minutes.")]


def test_an_outage_of_last_night_is_told(db):
    pulse.beat()
    now = timezone.now()
    Outage.objects.create(started_at=now - datetime.timedelta(hours=9), ended_at=now - datetime.timedelta(hours=3))
    Outage.objects.create(started_at=now - datetime.timedelta(days=30), ended_at=now - datetime.timedelta(days=29))

    ((level, says),) = troubles(workers.check_beat())

    assert (level, says.startswith("Nobody looked for due mail from ")) == ("warning", True)


# --- Mail


class Doorkeeper:
    """Knows one password."""

    def __call__(self, server, session, envelope, mechanism, data):
        knows = data.password == b"open sesame"
        return AuthResult(success=knows, handled=knows)


@pytest.fixture
def guarded():
    controller = Controller(
        object(),
        hostname="127.0.0.1",
        port=free_port(),
        authenticator=Doorkeeper(),
        auth_require_tls=False,
    )
    controller.start()
    yield controller.port
    controller.stop()


def test_a_mail_server_that_greets(sink):
    assert found(mail.check()) == [("ok", "The mail server 127.0.0.1 answers.")]
    assert sink.taken == []


def test_a_mail_server_that_lets_us_in(guarded, settings):
    settings.EMAIL_URL = f"smtp://ana:open%20sesame@127.0.0.1:{guarded}"

    assert found(mail.check()) == [("ok", "The mail server 127.0.0.1 answers and lets ana in.")]


def test_a_mail_server_that_refuses_the_login(guarded, settings):
    settings.EMAIL_URL = f"smtp://ana:guess@127.0.0.1:{guarded}"

    ((level, says),) = found(mail.check())

    assert (level, says.startswith("The mail server 127.0.0.1 refuses the login: 535")) == ("wrong", True)


def test_nobody_listens(settings):
    settings.EMAIL_URL = "smtp://127.0.0.1:1"

    assert found(mail.check()) == [("wrong", "Nobody listens at 127.0.0.1:1.")]


def test_a_server_without_the_encryption_that_is_asked_for(sink, settings):
    settings.EMAIL_URL = sink.url.replace("smtp://", "smtp+tls://")

    ((level, says),) = found(mail.check())

    assert (level, "does not offer what EMAIL_URL asks for" in says) == ("wrong", True)


def test_the_wrong_kind_of_encryption(sink, settings):
    settings.EMAIL_URL = sink.url.replace("smtp://", "smtp+ssl://")

    assert troubles(mail.check()) == [("wrong", f"127.0.0.1:{sink.port} does not speak TLS the way EMAIL_URL says.")]


def untrusted(why):
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_message = why
    return error


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (socket.gaierror(-2, "Name or service not known"), "Nobody knows a mail server named mail.acme.example."),
        (TimeoutError("timed out"), "mail.acme.example:587 does not answer within 10 seconds."),
        (untrusted("expired"), "The certificate of mail.acme.example:587 is not good: expired."),
        (smtplib.SMTPServerDisconnected("closed"), "mail.acme.example:587 does not let us in: closed"),
    ],
)
def test_other_troubles_on_the_way(error, words):
    finding = mail._trouble(error, {"EMAIL_HOST": "mail.acme.example", "EMAIL_PORT": 587})

    assert (finding.level, finding.says.startswith(words)) == (Level.WRONG, True)


def test_a_password_that_everybody_on_the_way_can_read(settings, monkeypatch):
    monkeypatch.setattr(mail, "_enter", lambda config: None)
    settings.EMAIL_URL = "smtp://ana:secret@mail.acme.example:25"

    assert troubles(mail.check()) == [("warning", "The password for mail.acme.example crosses the network readably.")]


def test_without_a_mail_server(settings):
    settings.EMAIL_URL = ""
    assert [level for level, _says in found(mail.check())] == ["ok"]

    settings.EMBEDDED = False
    assert found(mail.check()) == [("wrong", "EMAIL_URL is not set: every mail waits.")]


def test_a_provider_that_can_only_be_tried(settings):
    settings.EMAIL_URL = "postal://key@post.acme.example"

    assert [level for level, _says in found(mail.check())] == ["unknown"]


# --- Name servers

SOUND = {
    "acme.example": ["v=spf1 include:spf.provider.example -all", "another=text"],
    "k1._domainkey.acme.example": ["v=DKIM1; k=rsa; p=MIGf"],
    "_dmarc.acme.example": ["v=DMARC1; p=quarantine"],
}


@pytest.fixture
def asked(settings, monkeypatch):
    settings.EMAIL_URL = "smtp://127.0.0.1:25"
    settings.DEFAULT_FROM_EMAIL = "Acme <post@acme.example>"

    def ask(texts, *selectors):
        with serving(texts) as resolver:
            monkeypatch.setattr(dns.resolver, "default_resolver", resolver)
            return found(dns_check.check(selectors))

    return ask


def test_a_domain_that_vouches_for_its_mail(asked):
    assert asked(SOUND) == [
        ("ok", "acme.example says who may send its mail: v=spf1 include:spf.provider.example -all"),
        ("ok", "acme.example has a key for signing its mail (DKIM): k1."),
        ("ok", "acme.example says what to do with false mail (DMARC): p=quarantine."),
    ]


def test_a_domain_that_vouches_for_nothing(asked):
    assert asked({}) == [
        ("wrong", "acme.example does not say who may send its mail (SPF)."),
        ("unknown", "No DKIM key of acme.example was found under the usual names."),
        (
            "warning",
            "acme.example does not say what to do with false mail (DMARC); large providers then trust it less.",
        ),
    ]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"acme.example": ["v=spf1 -all", "v=spf1 ~all"]}, "acme.example has 2 SPF records, which counts as none."),
        ({"acme.example": ["v=spf1 +all"]}, "The SPF record of acme.example lets everybody send in its name."),
        (
            {"k1._domainkey.acme.example": ["v=DKIM1; p="]},
            "The DKIM key k1._domainkey.acme.example was withdrawn.",
        ),
        (
            {"_dmarc.acme.example": ["v=DMARC1; p=none", "v=DMARC1; p=reject"]},
            "acme.example has 2 DMARC records, which counts as none.",
        ),
    ],
)
def test_records_that_do_harm(asked, change, sentence):
    assert [pair for pair in asked({**SOUND, **change}) if pair[0] != "ok"] == [("wrong", sentence)]


def test_a_named_key_is_looked_for_and_missed(asked):
    ours = {**SOUND, "acme2026._domainkey.acme.example": ["v=DKIM1; p=MIGf"]}

    assert asked(ours, "acme2026")[1][0] == "ok"
    assert asked(SOUND, "acme2026")[1] == ("wrong", "acme.example has no DKIM key named acme2026.")


def test_the_record_of_the_parent_counts(asked, settings):
    settings.DEFAULT_FROM_EMAIL = "post@mail.acme.example"

    assert asked({**SOUND, "mail.acme.example": ["v=spf1 -all"]}, "k1")[2] == (
        "ok",
        "acme.example says what to do with false mail (DMARC): p=quarantine.",
    )


def test_without_a_network_it_says_so(settings, monkeypatch):
    settings.EMAIL_URL = "smtp://127.0.0.1:25"
    settings.DEFAULT_FROM_EMAIL = "post@acme.example"
    with serving({}) as resolver:
        pass  # it has stopped serving
    monkeypatch.setattr(dns_check, "_LIFETIME_S", 0.2)
    monkeypatch.setattr(dns.resolver, "default_resolver", resolver)

    ((level, says),) = found(dns_check.check())

    assert (level, says.startswith("The name servers cannot be asked about acme.example")) == ("unknown", True)


def test_a_sender_nobody_can_look_up(settings):
    settings.EMAIL_URL = "smtp://127.0.0.1:25"
    settings.DEFAULT_FROM_EMAIL = "Goodword <goodword@localhost>"

    assert found(dns_check.check()) == [("wrong", "Nobody believes a sender at “localhost”.")]


def test_mail_that_stays_here_needs_no_name_server(settings):
    settings.EMAIL_URL = ""

    assert [level for level, _says in found(dns_check.check())] == ["ok"]


# --- Disk


@pytest.mark.parametrize(("limit", "level"), [("FULL_BYTES", "wrong"), ("NARROW_BYTES", "warning")])
def test_a_disk_that_is_nearly_full(tmp_path, settings, monkeypatch, limit, level):
    settings.DATA_DIR = settings.DATABASE_DIR = tmp_path
    monkeypatch.setattr(disk, "FULL_BYTES", 0)
    monkeypatch.setattr(disk, limit, 10**18)

    assert [one[0] for one in found(disk.check())] == [level] * 3


def test_a_folder_that_is_not_there(tmp_path, settings, monkeypatch):
    monkeypatch.setattr(disk, "FULL_BYTES", 0)
    monkeypatch.setattr(disk, "NARROW_BYTES", 0)
    settings.DATA_DIR, settings.DATABASE_DIR = tmp_path, tmp_path / "gone"

    ((level, says),) = troubles(disk.check())

    assert (level, "is not there" in says) == ("wrong", True)


# --- Rows


def test_mail_that_moves(acme, post):
    post(acme, due_in=-5)

    assert found(rows.check()) == [("ok", "All mail that is due has left.")]


def test_a_campaign_may_wait_for_its_turn(acme, post):
    post(acme, kind="campaign", due_in=-400)

    assert troubles(rows.check()) == [
        ("warning", "1 mail of the kind campaign should have left; the oldest waits 6 minutes.")
    ]


def test_mail_that_does_not_move(acme, post):
    for number, state in enumerate(["queued", "queued", "sending", "unconfirmed", "failed"]):
        message = post(acme, f"jamie{number}@northwind.example", due_in=-400)
        with workspace_scope(acme.pk):
            lease = timezone.now() - datetime.timedelta(minutes=4)
            acme.messages.filter(pk=message.pk).update(state=state, lease_until=lease)

    assert sorted(troubles(rows.check())) == [
        ("warning", "1 mail may or may not have arrived: the answer of the mail server was lost."),
        ("warning", "1 mail of the last day failed for good."),
        ("wrong", "1 mail are being sent by a worker that is gone, for 4 minutes."),
        ("wrong", "2 mails of the kind ask should have left; the oldest waits 6 minutes."),
    ]


# --- Secrets and switches


def test_secrets_that_can_be_guessed(settings):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS, settings.METRICS_TOKEN = "short", ["short"], "hello"

    assert troubles(production.check()) == [
        ("wrong", "SECRET_KEY has fewer than 50 characters: sessions and links could be forged."),
        ("warning", "SECRET_KEY is among SECRET_KEY_FALLBACKS."),
        ("wrong", "METRICS_TOKEN has fewer than 20 characters and could be guessed."),
    ]


def test_in_production_djangos_own_checks_speak(settings):
    settings.EMBEDDED, settings.DEBUG = False, True

    said = troubles(production.check())

    assert ("warning", "You should not have DEBUG set to True in deployment. (security.W018)") in said
    assert ("wrong", "EMAIL_URL is not set: no mail would leave. (accounts.E003)") in said
