"""The conversation with a mail server, word by word."""

import socket
import threading

import pytest

from accounts.mail import transports
from accounts.mail.smtp import Smtp
from accounts.mail.transports import Letter, Unreachable, Verdict

EHLO = b"250-server\r\n250 PIPELINING\r\n"
PLAIN_EHLO = b"250 server\r\n"
OPENED = b"250 sender ok\r\n250 recipient ok\r\n354 go on\r\n"
STEPS = [b"250 sender ok\r\n", b"250 recipient ok\r\n", b"354 go on\r\n"]
NOBODY = b"250 sender ok\r\n550 No such person\r\n503 no valid recipients\r\n"
NOBODY_BUT_GO_ON = b"250 sender ok\r\n550 No such person\r\n354 go on\r\n"


class Server:
    """Plays the given conversations, one per connection: after each piece it hears, the next piece it says.

    `heard` has all pieces, by connection. `None` instead of words hangs up.
    """

    def __init__(self, *conversations):
        self.heard = []
        self._conversations = conversations
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self):
        for conversation in self._conversations:
            client, _address = self._listener.accept()
            client.settimeout(10)
            self.heard.append([])
            with client:
                self._converse(client, conversation)
        self._listener.close()

    def _converse(self, client, conversation):
        client.sendall(b"220 server\r\n")
        for words in conversation:
            piece = client.recv(65536)
            self.heard[-1].append(piece)
            if words is None or not piece:
                return
            client.sendall(words)
        self.heard[-1].append(client.recv(65536))

    def close(self):
        self._thread.join(10)
        self._listener.close()


@pytest.fixture
def serve():
    servers, ways = [], []

    def start(*conversations):
        servers.append(Server(*conversations))
        ways.append(Smtp(f"smtp://127.0.0.1:{servers[-1].port}"))
        return servers[-1], ways[-1]

    yield start
    for way in ways:
        way.close()
    for server in servers:
        server.close()


def letter(name, log=None):
    def leaves():
        if log is not None:
            log.append(name)

    content = f"Subject: {name}\r\n\r\nDear {name}\r\n".encode()
    return Letter(None, content, "ana@acme.example", f"{name}@northwind.example", leaves)


def opening(name):
    return f"MAIL FROM:<ana@acme.example>\r\nRCPT TO:<{name}@northwind.example>\r\nDATA\r\n".encode()


def content(name):
    return f"Subject: {name}\r\n\r\nDear {name}\r\n.\r\n".encode()


def verdicts(replies):
    return [reply.verdict for reply in replies]


def test_the_next_opening_travels_with_the_content(serve):
    server, way = serve([EHLO, OPENED, b"250 taken\r\n" + OPENED, b"250 taken\r\n"])

    replies = list(way.hand_over([letter("jamie"), letter("kim")]))
    way.close()
    server.close()

    assert verdicts(replies) == [Verdict.TAKEN, Verdict.TAKEN]
    assert server.heard[0][1:4] == [opening("jamie"), content("jamie") + opening("kim"), content("kim")]


def test_a_server_that_offers_no_pipelining_is_asked_step_by_step(serve):
    server, way = serve([PLAIN_EHLO, *STEPS, b"250 taken\r\n", *STEPS, b"250 taken\r\n"])

    replies = list(way.hand_over([letter("jamie"), letter("kim")]))

    assert verdicts(replies) == [Verdict.TAKEN, Verdict.TAKEN]
    assert server.heard[0][4] == content("jamie")
    assert server.heard[0][5] == b"MAIL FROM:<ana@acme.example>\r\n"


@pytest.mark.parametrize(
    ("refusal", "end"), [(NOBODY, b"RSET\r\n"), (NOBODY_BUT_GO_ON, b".\r\n")], ids=["refused", "refused, but go on"]
)
def test_a_refused_recipient_gets_no_content_and_the_next_one_their_own(serve, refusal, end):
    server, way = serve([EHLO, refusal, b"250 ok\r\n", OPENED, b"250 taken\r\n"])

    replies = list(way.hand_over([letter("nobody"), letter("kim")]))
    way.close()
    server.close()

    assert [(reply.verdict, reply.words) for reply in replies] == [
        (Verdict.REFUSED, "550 No such person"),
        (Verdict.TAKEN, ""),
    ]
    assert server.heard[0][1:5] == [opening("nobody"), end, opening("kim"), content("kim")]


def test_a_recipient_refused_behind_another_ones_content_does_not_spoil_it(serve):
    server, way = serve([EHLO, OPENED, b"250 taken\r\n" + NOBODY, b"250 ok\r\n", OPENED, b"250 taken\r\n"])

    replies = list(way.hand_over([letter("jamie"), letter("nobody"), letter("kim")]))

    assert verdicts(replies) == [Verdict.TAKEN, Verdict.REFUSED, Verdict.TAKEN]
    assert server.heard[0][4:6] == [opening("kim"), content("kim")]


def test_a_batch_that_was_broken_off_never_leads_to_the_wrong_recipient(serve):
    first = [EHLO, OPENED, b"250 taken\r\n" + OPENED, None]
    server, way = serve(first, [EHLO, OPENED, b"250 taken\r\n"])

    batch = way.hand_over([letter("jamie"), letter("kim")])
    assert next(batch).verdict == Verdict.TAKEN
    batch.close()  # kim's opening was answered with "go on"
    replies = list(way.hand_over([letter("lee")]))
    way.close()
    server.close()

    assert verdicts(replies) == [Verdict.TAKEN]
    assert server.heard[0][3:] == [b""]
    assert server.heard[1][1:3] == [opening("lee"), content("lee")]


def test_a_mail_leaves_only_when_its_content_goes(serve):
    log = []
    _server, way = serve([EHLO, NOBODY, b"250 ok\r\n", OPENED, None])

    replies = list(way.hand_over([letter("nobody", log), letter("kim", log)]))

    assert verdicts(replies) == [Verdict.REFUSED, Verdict.UNKNOWN]
    assert log == ["kim"]


def test_a_reply_that_is_lost_leaves_the_next_letter_untouched(serve):
    _server, way = serve([EHLO, OPENED, None], [EHLO, OPENED, b"250 taken\r\n"])

    replies = list(way.hand_over([letter("jamie"), letter("kim")]))

    assert verdicts(replies) == [Verdict.UNKNOWN, Verdict.TAKEN]


def test_a_server_that_has_hung_up_meanwhile_is_called_again(serve):
    gone = b"421 timeout, closing\r\n" * 3
    _server, way = serve(
        [EHLO, OPENED, b"250 taken\r\n", gone],
        [EHLO, OPENED, b"250 taken\r\n"],
    )

    first = list(way.hand_over([letter("jamie")]))
    second = list(way.hand_over([letter("kim")]))

    assert verdicts(first + second) == [Verdict.TAKEN, Verdict.TAKEN]


def test_a_server_that_is_busy_at_once_is_tried_later(serve):
    _server, way = serve([EHLO, b"421 too busy\r\n" * 3])

    (reply,) = way.hand_over([letter("jamie")])

    assert (reply.verdict, reply.words) == (Verdict.LATER, "421 too busy")


def test_a_reply_of_several_lines_is_read_to_its_end(serve):
    _server, way = serve([EHLO, OPENED, b"554-5.7.1 We do not\r\n554 5.7.1 like this\r\n"])

    (reply,) = way.hand_over([letter("jamie")])

    assert (reply.verdict, reply.words) == (Verdict.REFUSED, "554 5.7.1 We do not 5.7.1 like this")


def test_an_answer_that_is_none_may_hide_a_mail_that_left(serve):
    _server, way = serve([EHLO, OPENED, b"what?\r\n"])

    (reply,) = way.hand_over([letter("jamie")])

    assert reply.verdict == Verdict.UNKNOWN


def test_a_dead_server_is_left_alone_for_a_while():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    way = Smtp(f"smtp://127.0.0.1:{port}")
    assert way.is_open()

    with pytest.raises(Unreachable, match="refused"):
        next(way.hand_over([letter("jamie")]))

    assert not way.is_open()


def test_mail_without_any_way_out_waits():
    with pytest.raises(Unreachable, match="EMAIL_URL is not set"):
        transports.Nowhere().hand_over([letter("jamie")])
