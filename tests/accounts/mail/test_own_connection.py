"""Settings, Mail: a workspace's own connection."""

import datetime
from types import SimpleNamespace

import dns.resolver
import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.mail import connecting, connections, dispatcher, sender_records
from accounts.members.models import User
from accounts.tenancy import addresses
from accounts.tenancy.scope import workspace_scope
from tests.factories import accounts as make

SERVER = {
    "way": "smtp",
    "host": "smtp.acme.example",
    "port": 587,
    "security": "starttls",
    "from_domains": "acme.example",
}


@pytest.fixture
def mine(client, acme, ana):
    """The owner's browser."""
    client.force_login(User.objects.get(pk=ana.user_id))
    return client


@pytest.fixture
def names(monkeypatch):
    """Name servers: `names["acme.example"] = ["v=spf1 ..."]`; what is not in it does not exist."""
    known = {}

    def resolve(name, kind, lifetime):
        if name not in known:
            raise dns.resolver.NXDOMAIN
        return [SimpleNamespace(strings=[text.encode()]) for text in known[name]]

    monkeypatch.setattr(sender_records, "resolver", lambda: SimpleNamespace(resolve=resolve))
    return known


@pytest.fixture
def in_the_house(settings):
    """The operator has opened this machine for mail servers of workspaces."""
    settings.PRIVATE_NETWORKS_ALLOWED = ["127.0.0.0/8"]


def page(name="settings-mail"):
    return reverse(name, args=["acme"])


def connection_of(workspace):
    with workspace_scope(workspace.pk):
        return workspace.mail_connections.get()


def connect(workspace, url, *, domains=()):
    from accounts.mail.providers import is_provider
    from accounts.tenancy.actor import SYSTEM

    kind = "provider" if is_provider(url) else "smtp"
    with workspace_scope(workspace.pk):
        connecting.connect(
            workspace=workspace,
            kind=kind,
            url=url,
            shown="our server",
            from_domains=domains,
            by=SYSTEM,
            now=timezone.now(),
        )
    workspace.refresh_from_db()


@pytest.mark.parametrize("role", ["manager", "sales", "marketing", "finance", "analyst"])
def test_only_owners_and_admins_come_here(client, acme, role):
    with workspace_scope(acme.pk):
        member = make.MemberFactory(workspace=acme, role=role)
    client.force_login(User.objects.get(pk=member.user_id))

    answers = [client.get(page()), client.post(page(), SERVER), client.post(page("settings-mail-test"))]

    assert [answer.status_code for answer in answers] == [403, 403, 403]
    with workspace_scope(acme.pk):
        assert list(acme.mail_connections.all()) == []


def test_a_server_is_kept_sealed_and_its_password_never_shown(mine, acme):
    answer = mine.post(page(), {**SERVER, "username": "ana", "password": "s3cret pass/word"})

    connection = connection_of(acme)
    acme.refresh_from_db()
    shown = mine.get(page()).content.decode()
    assert answer.status_code == 302
    assert (connection.kind, connection.shown, connection.state) == ("smtp", "smtp.acme.example:587 as ana", "untested")
    assert b"s3cret" not in bytes(connection.sealed_url)
    assert connections.url_of(acme) == "smtp+tls://ana:s3cret%20pass%2Fword@smtp.acme.example:587"
    assert "s3cret" not in shown
    assert "smtp.acme.example:587 as ana" in shown
    with workspace_scope(acme.pk):
        event = acme.events.get(type="mail.connected")
        assert event.data == {"kind": "smtp", "shown": "smtp.acme.example:587 as ana"}


def test_an_empty_password_keeps_the_old_one_but_never_for_another_server(mine, acme):
    mine.post(page(), {**SERVER, "username": "ana", "password": "s3cret"})

    kept = mine.post(page(), {**SERVER, "username": "ana", "port": 465, "security": "tls"})
    elsewhere = mine.post(page(), {**SERVER, "username": "ana", "host": "smtp.evil.example"})

    acme.refresh_from_db()
    assert (kept.status_code, elsewhere.status_code) == (302, 422)
    assert connections.url_of(acme) == "smtp+ssl://ana:s3cret@smtp.acme.example:465"
    assert "Type the password for this server." in elsewhere.content.decode()


def test_a_refused_form_keeps_what_was_typed(mine):
    answer = mine.post(page(), {**SERVER, "host": "not a server", "username": "ana", "password": "x"})

    assert answer.status_code == 422
    assert 'value="not a server"' in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"


def test_a_provider_is_chosen_and_shows_where_it_reports(mine, acme):
    asked = mine.get(page(), {"way": "postmark"}).content.decode()
    mine.post(page(), {"way": "postmark", "server_token": "t0ken", "from_domains": ""})

    acme.refresh_from_db()
    shown = mine.get(page()).content.decode()
    assert "Server API token" in asked
    assert connections.url_of(acme) == "anymail+postmark://?server_token=t0ken"
    assert connections.hook_url(connection_of(acme)) in shown
    assert "t0ken" not in shown


@pytest.mark.parametrize("way", ["postal", "unisender-go", "pigeon", "anymail"])
def test_what_would_have_us_call_any_address_is_the_operators(mine, way):
    assert mine.get(page(), {"way": way}).status_code == 404
    assert mine.post(page(), {"way": way, "api_key": "x", "api_url": "http://169.254.169.254/"}).status_code == 404


def test_back_to_ours_forgets_the_secrets(mine, acme):
    mine.post(page(), {**SERVER, "username": "ana", "password": "s3cret"})

    mine.post(page(), {"way": "ours"})

    connection = connection_of(acme)
    acme.refresh_from_db()
    assert (connection.kind, bytes(connection.sealed_url), acme.own_mail) == ("ours", b"", False)


def test_every_way_has_a_form_and_every_one_can_be_saved(mine, acme):
    from accounts.mail.providers import PROVIDERS
    from accounts.settings.mail_forms import ways

    for way, _words in ways()[2:]:
        needed = dict.fromkeys(PROVIDERS[way].needs, "x")
        assert mine.get(page(), {"way": way}).status_code == 200
        assert mine.post(page(), {"way": way, **needed}).status_code == 302
        assert mine.get(page()).status_code == 200


def test_mail_leaves_by_the_workspaces_own_server_and_only_its_own(acme, globex, sink, post, settings, in_the_house):
    settings.EMAIL_URL = ""
    connect(acme, sink.url)
    post(acme, "one@northwind.example")
    post(globex, "two@northwind.example")

    dispatcher.dispatch(acme.pk)
    dispatcher.dispatch(globex.pk)

    assert [one.recipients for one in sink.taken] == [["one@northwind.example"]]
    assert connection_of(acme).state == "working"


def test_a_demo_never_sends_whatever_it_is_connected_to(acme, sink, post, settings, in_the_house):
    settings.EMAIL_URL = ""
    connect(acme, sink.url)
    acme.is_demo = True
    acme.save()
    post(acme)

    dispatcher.dispatch(acme.pk)

    assert sink.taken == []


def test_a_server_inside_our_walls_is_not_called(acme, sink, post, states):
    connect(acme, sink.url)
    post(acme)

    dispatcher.dispatch(acme.pk)

    assert sink.taken == []
    assert states(acme) == {"jamie@northwind.example": ("queued", "127.0.0.1 leads into a private network.")}


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "10.1.2.3", "192.168.0.1", "169.254.169.254", "100.64.0.1", "168.63.129.16", "0.0.0.0"]
    + ["::1", "::ffff:127.0.0.1", "fe80::1", "fd00:ec2::254", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "224.0.0.1"]
    + ["2130706433", "0x7f000001", "127.1", "0", "255.255.255.255"],
)
def test_addresses_inside_are_inside_in_every_form(host):
    with pytest.raises(addresses.Inside):
        addresses.public(host, 587)


def test_one_private_answer_among_public_ones_is_enough(monkeypatch):
    found = [(2, 1, 6, "", (ip, 587)) for ip in ("93.184.215.14", "10.0.0.1")]
    monkeypatch.setattr("socket.getaddrinfo", lambda *_args, **_kwargs: found)

    with pytest.raises(addresses.Inside):
        addresses.public("mail.acme.example", 587)

    monkeypatch.setattr("socket.getaddrinfo", lambda *_args, **_kwargs: found[:1])
    assert addresses.public("mail.acme.example", 587) == "93.184.215.14"


def test_a_broken_connection_makes_mail_wait_and_says_so(mine, acme, provider, post, states):
    connect(acme, provider.url("resend"))
    post(acme)
    provider.script = [(401, {"message": "API key is invalid"})]

    dispatcher.dispatch(acme.pk)

    words = "401 API key is invalid"
    connection = connection_of(acme)
    assert states(acme)["jamie@northwind.example"] == ("queued", words)
    assert (connection.state, connection.words) == ("broken", words)
    assert words in mine.get(page()).content.decode()
    assert words in mine.get(reverse("today", args=["acme"])).content.decode()


def test_when_it_works_again_nobody_is_warned_any_more(mine, acme, provider, post):
    connect(acme, provider.url("resend"))
    post(acme)
    provider.script = [(401, {"message": "API key is invalid"}, {"Retry-After": "0"})]
    dispatcher.dispatch(acme.pk)
    from accounts.mail import transports

    transports.choose(acme)._rests_until = 0.0
    with workspace_scope(acme.pk):
        acme.messages.update(due_at=timezone.now() - datetime.timedelta(seconds=1))

    dispatcher.dispatch(acme.pk)

    assert (connection_of(acme).state, connection_of(acme).words) == ("working", "")
    assert "mail waits" not in mine.get(reverse("today", args=["acme"])).content.decode()


def test_without_its_key_mail_waits_and_is_not_lost(acme, sink, post, settings, states):
    from cryptography.fernet import Fernet

    connect(acme, sink.url)
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    post(acme)

    dispatcher.dispatch(acme.pk)

    ((state, error),) = states(acme).values()
    assert state == "queued"
    assert "Enter them again" in error
    assert connection_of(acme).state == "broken"


def test_the_test_button_mails_whoever_presses_it_and_shows_the_servers_words(mine, acme, sink):
    mine.post(page("settings-mail-test"))
    waiting = mine.get(page("settings-mail-test")).content.decode()
    dispatcher.dispatch(acme.pk)
    taken = mine.get(page()).content.decode()
    sink.refuse["ana@acme.example"] = "550 We do not know you."
    mine.post(page("settings-mail-test"))
    dispatcher.dispatch(acme.pk)
    refused = mine.get(page()).content.decode()

    (mail,) = sink.taken
    assert mail.recipients == ["ana@acme.example"]
    assert "A test from Acme" in mail.mail["Subject"]
    assert "is on its way" in waiting
    assert "was taken" in taken
    assert "550 We do not know you." in refused


def test_whoever_sends_from_another_domain_is_named_first(mine, acme):
    with workspace_scope(acme.pk):
        make.MemberFactory(workspace=acme, name="Zoe", email="zoe@elsewhere.example")
        make.MemberFactory(workspace=acme, name="Bo", email="bo@mail.acme.example")
    connect(acme, "smtp+tls://smtp.acme.example:587", domains=["acme.example"])

    answer = mine.get(page())

    rows = [(sender.name, sender.fits) for sender in answer.context["senders"]]
    assert rows == [("Zoe", False), ("Ana Acme", True), ("Bo", True)]


def test_the_page_asks_as_much_for_three_senders_as_for_one(mine, acme, django_assert_max_num_queries):
    mine.get(page())
    with django_assert_max_num_queries(100) as one:
        mine.get(page())
    with workspace_scope(acme.pk):
        for number in range(3):
            make.MemberFactory(workspace=acme, name=f"Member {number}")

    with django_assert_max_num_queries(len(one)):
        mine.get(page())


def test_the_limits_of_the_workspace_are_shown(mine, acme):
    acme.limits = {"mails_per_minute": 90, "mails_per_minute_and_domain": 0}
    acme.save()

    shown = mine.get(page()).content.decode()

    assert "90 a minute" in shown
    assert "no limit" in shown


def test_records_that_are_there_are_good(mine, acme, names):
    connect(acme, "anymail+postmark://?server_token=x", domains=["acme.example"])
    names["acme.example"] = ["google-site-verification=1", "v=spf1 include:spf.mtasv.net ~all"]
    names["default._domainkey.acme.example"] = ["k=rsa; p=MIGf"]
    names["_dmarc.acme.example"] = ["v=DMARC1; p=none"]

    ((domain, found),) = mine.get(page("settings-mail-records")).context["found"]

    assert domain == "acme.example"
    assert [(one.record, one.state) for one in found] == [("SPF", "good"), ("DKIM", "good"), ("DMARC", "good")]


@pytest.mark.parametrize(
    ("texts", "state", "words"),
    [
        ([], "missing", "Nobody is named"),
        (["v=spf1 a ~all"], "missing", "add include:spf.mtasv.net"),
        (["v=spf1 a ~all", "v=spf1 mx -all"], "missing", "two SPF records"),
    ],
)
def test_what_is_missing_says_what_to_publish(names, texts, state, words):
    if texts:
        names["acme.example"] = texts

    spf, dkim, dmarc = sender_records.look_up("acme.example", "postmark")

    assert spf.state == state
    assert words in spf.words
    assert dkim.state == "unknown"
    assert dmarc.publish == "_dmarc.acme.example TXT “v=DMARC1; p=none”"


def test_without_a_network_it_says_so(mine, monkeypatch):
    def silent(name, kind, lifetime):
        raise dns.resolver.LifetimeTimeout

    monkeypatch.setattr(sender_records, "resolver", lambda: SimpleNamespace(resolve=silent))

    shown = mine.get(page("settings-mail-records")).content.decode()

    assert "no name server answered" in shown
