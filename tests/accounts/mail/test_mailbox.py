from accounts.mail import dispatcher
from accounts.tenancy.scope import workspace_scope


def test_without_a_mail_server_the_mail_is_kept_and_shown(client, acme, settings, tmp_path, post):
    settings.EMAIL_URL, settings.MAILBOX_DIR = "", tmp_path / "deep" / "mailbox"
    assert "Nothing here yet." in client.get("/mailbox/").content.decode()
    post(acme, subject="First", due_in=-9)
    post(
        acme, "kim@northwind.example", subject="Zweite für Zoë", body_text="See https://acme.example/a/1?x=1&y=2 <b>\n"
    )

    dispatcher.dispatch(acme.pk)

    with workspace_scope(acme.pk):
        assert set(acme.messages.values_list("state", "transport")) == {("sent", "mailbox")}
    listed = client.get("/mailbox/")
    assert [(mail.to, mail.subject) for mail in listed.context["mails"]] == [
        ("Jamie Okafor <kim@northwind.example>", "Zweite für Zoë"),
        ("Jamie Okafor <jamie@northwind.example>", "First"),
    ]
    shown = client.get(f"/mailbox/{listed.context['mails'][0].key}").content.decode()
    assert 'href="https://acme.example/a/1?x=1&amp;y=2"' in shown
    assert "&lt;b&gt;" in shown


def test_the_mailbox_is_there_in_embedded_mode_only_and_opens_only_its_own_mails(client, db, settings, tmp_path):
    settings.MAILBOX_DIR = tmp_path / "mailbox"
    (tmp_path / "secret").write_text("secret")

    assert client.get("/mailbox/..%2Fsecret").status_code == 404
    settings.EMBEDDED = False
    assert client.get("/mailbox/").status_code == 404


def test_mail_of_a_demo_workspace_never_reaches_the_mail_server(acme, sink, settings, tmp_path, post, client):
    settings.MAILBOX_DIR = tmp_path / "mailbox"
    acme.is_demo = True
    acme.save()
    post(acme)

    dispatcher.dispatch(acme.pk)

    assert sink.taken == []
    (mail,) = client.get("/mailbox/").context["mails"]
    assert ("X-Goodword-Demo", "yes") in mail.headers
    with workspace_scope(acme.pk):
        assert acme.messages.get().transport == "mailbox"


def test_mail_of_a_demo_workspace_in_production_is_kept_as_a_row(acme, sink, settings, post):
    settings.MAILBOX_DIR = None
    acme.is_demo = True
    acme.save()
    post(acme)

    dispatcher.dispatch(acme.pk)

    assert sink.taken == []
    with workspace_scope(acme.pk):
        message = acme.messages.get()
    assert (message.state, message.transport) == ("sent", "kept")


def test_in_production_without_a_mail_server_mail_waits_and_the_check_fails(acme, settings, post, states):
    from accounts.mail.checks import production_has_a_mail_server

    settings.EMAIL_URL, settings.MAILBOX_DIR, settings.EMBEDDED = "", None, False
    post(acme)

    dispatcher.dispatch(acme.pk)

    assert states(acme) == {"jamie@northwind.example": ("queued", "EMAIL_URL is not set.")}
    assert [error.id for error in production_has_a_mail_server(None)] == ["accounts.E003"]
    settings.EMAIL_URL = "smtp://mail.acme.example"
    assert production_has_a_mail_server(None) == []
