"""A real mail server for the tests: it logs every mail it took, and can be told to misbehave."""

import asyncio
import email
import email.policy
import socket
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from aiosmtpd.controller import Controller


@dataclass(frozen=True)
class Taken:
    """One mail the server took: its envelope, and what it parsed."""

    sender: str
    recipients: list
    content: bytes
    connection: tuple

    @property
    def mail(self):
        # On the wire lines end in CRLF; a reader sees plain lines.
        return email.message_from_bytes(self.content.replace(b"\r\n", b"\n"), policy=email.policy.default)


@dataclass
class Sink:
    """`taken` is the judge of what left. `refuse` maps a recipient to a reply such as "550 Unknown here."."""

    port: int
    taken: list = field(default_factory=list)
    refuse: dict = field(default_factory=dict)
    refuse_content: dict = field(default_factory=dict)
    drop_reply: set = field(default_factory=set)
    hang_up_at_rcpt: set = field(default_factory=set)
    reply_after_s: float = 0
    before_reply: object = None

    @property
    def url(self):
        return f"smtp://127.0.0.1:{self.port}"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.hang_up_at_rcpt:
            server.transport.abort()
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 Yes"

    async def handle_DATA(self, server, session, envelope):
        (recipient, *_others) = envelope.rcpt_tos
        if recipient in self.refuse_content:
            return self.refuse_content[recipient]
        self.taken.append(Taken(envelope.mail_from, envelope.rcpt_tos, envelope.content, session.peer))
        if self.before_reply:
            # Off the event loop: what it does may be a transaction of its own.
            await asyncio.get_running_loop().run_in_executor(None, self.before_reply)
        await asyncio.sleep(self.reply_after_s)
        if recipient in self.drop_reply:
            server.transport.abort()
        return "250 Taken"


@contextmanager
def serving(port=0):
    sink = Sink(port or free_port())
    controller = Controller(sink, hostname="127.0.0.1", port=sink.port)
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def sink(settings):
    """The installation's mail server."""
    with serving() as server:
        settings.EMAIL_URL = server.url
        yield server
