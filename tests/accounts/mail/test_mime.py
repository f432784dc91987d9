"""What arrives is parsed from the bytes a real mail server took."""

import pytest

from accounts.mail import dispatcher
from accounts.tenancy.scope import workspace_scope

NAMES = [
    "a\r\nBcc: x@evil.example",
    "a\nSubject: x",
    "%0aBcc: x@evil.example",
    "a\u2028Bcc: x@evil.example",
    "a\u0085Bcc: x@evil.example",
    "=?utf-8?q?=0ABcc:_x=40evil.example?=",
    '"x" <a@evil.example>, c@d.example',
    "x" * 199 + ",",
    "one, two; three",
    "<script>",
    "a\0b",
    "Zoë Łukasiewicz 山田",
    "\u202eevil",
    "(comment) \\",
    "Straße " * 20,
]
ADDRESSES = [
    "a@b.example\r\nBcc: x@evil.example",
    "a@b.example, c@evil.example",
    "<a@b.example>",
    "a b@c.example",
    '"quoted local"@b.example',
    "a@b.example\nRCPT TO:<x@evil.example>",
    "@b.example",
    "a@",
    "äöü@b.example",
    "a@b..example",
    "a@" + "b" * 64 + ".example",
]
HEADERS = {
    *("From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type", "Content-Transfer-Encoding"),
    *("List-Unsubscribe", "List-Unsubscribe-Post", "Reply-To", "X-Peer", "X-MailFrom", "X-RcptTo"),
}


@pytest.mark.parametrize("field", ["to_name", "from_name", "subject"])
def test_no_name_or_subject_adds_a_header_or_a_recipient(acme, sink, post, field):
    for number, payload in enumerate(NAMES):
        if "\0" in payload:
            payload = payload.replace("\0", "\x01")  # the database takes no NUL
        post(acme, key=f"{field}-{number}", **{field: payload[:200]}, reply_to="ana@acme.example")

    dispatcher.dispatch(acme.pk)

    assert len(sink.taken) == len(NAMES)
    for one in sink.taken:
        assert one.recipients == ["jamie@northwind.example"]
        assert set(one.mail.keys()) <= HEADERS
        assert len(one.mail.keys()) == len(set(one.mail.keys()))
        assert [address.addr_spec for address in one.mail["To"].addresses] == ["jamie@northwind.example"]
        assert [address.addr_spec for address in one.mail["From"].addresses] == ["ana@acme.example"]
        assert [address.addr_spec for address in one.mail["Reply-To"].addresses] == ["ana@acme.example"]
        assert one.mail.get_content() == "Dear Jamie,\n\nwould you?\n"


@pytest.mark.parametrize("field", ["to_email", "from_email", "reply_to"])
def test_an_address_that_is_none_fails_with_a_sentence_and_nothing_leaves(acme, sink, post, field):
    for number, payload in enumerate(ADDRESSES):
        words = {field: payload} if field != "to_email" else {}
        to = payload if field == "to_email" else "jamie@northwind.example"
        post(acme, to, key=f"{field}-{number}", **words)

    dispatcher.dispatch(acme.pk)

    assert sink.taken == []
    with workspace_scope(acme.pk):
        ends = list(acme.messages.values_list("state", flat=True))
        errors = set(acme.messages.values_list("error", flat=True))
    assert ends == ["failed"] * len(ADDRESSES)
    assert all("address" in error for error in errors)


@pytest.mark.parametrize("field", ["in_reply_to", "unsubscribe_url"])
def test_a_reference_or_link_with_a_line_break_fails(acme, sink, post, states, field):
    post(acme, **{field: "<a@b.example>\r\nBcc: x@evil.example"})

    dispatcher.dispatch(acme.pk)

    assert sink.taken == []
    assert states(acme)["jamie@northwind.example"][0] == "failed"


def test_words_of_every_script_arrive_as_they_were_written(acme, sink, post):
    subject = "Noch eine Leiterin für Zoë? 山田さん 🙂 " + "lang " * 20
    body = "Grüße,\n.\n..two dots\n" + "wort " * 400 + "\n山田\n"
    post(acme, to_name="Zoë Łukasiewicz, Jr.", subject=subject, body_text=body, body_html="<p>Grüße 山田</p>\n")

    dispatcher.dispatch(acme.pk)

    (one,) = sink.taken
    assert one.mail["Subject"] == " ".join(subject.split())
    assert one.mail["To"].addresses[0].display_name == "Zoë Łukasiewicz, Jr."
    assert [part.get_content_type() for part in one.mail.iter_parts()] == ["text/plain", "text/html"]
    assert one.mail.get_body(("plain",)).get_content() == body
    assert one.mail.get_body(("html",)).get_content() == "<p>Grüße 山田</p>\n"
    assert max(len(line) for line in one.content.split(b"\r\n")) <= 998
    assert one.content.isascii()


def test_an_ask_can_be_unsubscribed_by_one_click_and_stays_in_its_thread(acme, sink, post):
    link = "https://goodword.acme.example/p/" + "A" * 64 + "?for=asks"
    message = post(acme, unsubscribe_url=link, in_reply_to="<first@acme.example>", reply_to="ana@acme.example")
    post(acme, "ana@acme.example", kind="notice")

    dispatcher.dispatch(acme.pk)

    ask, notice = (one.mail for one in sink.taken)
    assert {name: ask[name] for name in HEADERS | {"In-Reply-To", "References", "Auto-Submitted"} if name in ask} == {
        "From": "Ana Acme <ana@acme.example>",
        "To": "Jamie Okafor <jamie@northwind.example>",
        "Reply-To": "Ana Acme <ana@acme.example>",
        "Subject": "Another Head of Ops?",
        "Date": ask["Date"],
        "Message-ID": message.rfc_message_id,
        "In-Reply-To": "<first@acme.example>",
        "References": "<first@acme.example>",
        "List-Unsubscribe": f"<{link}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "MIME-Version": "1.0",
        "Content-Type": ask["Content-Type"],
        "Content-Transfer-Encoding": "quoted-printable",
    } | {name: ask[name] for name in ("X-Peer", "X-MailFrom", "X-RcptTo") if name in ask}
    assert f"List-Unsubscribe: <{link}>\r\n".encode() in sink.taken[0].content
    assert (notice["Auto-Submitted"], notice["List-Unsubscribe"]) == ("auto-generated", None)


def test_a_domain_of_another_script_is_written_as_mail_servers_take_it(acme, sink, post):
    post(acme, "jamie@bücher.example")

    dispatcher.dispatch(acme.pk)

    assert [one.recipients for one in sink.taken] == [["jamie@xn--bcher-kva.example"]]
