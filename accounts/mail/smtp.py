"""SMTP over one kept connection, pipelined where the server offers it (RFC 2920): one round trip a mail."""

import contextlib
import re
import smtplib
import socket
import ssl
import time
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import environ
from django.conf import settings

from accounts.mail.models import Outgoing
from accounts.mail.transports import (
    Letter,
    Reply,
    Unreachable,
    Verdict,
    Withdrawn,
    in_words,
    refuse_inside_transaction,
)
from accounts.tenancy import addresses

_OUR_NAME = urlsplit(settings.BASE_URL).hostname or "localhost"
# A server nobody reached is left alone for this long: each try may cost the worker EMAIL_TIMEOUT.
_REST_S = 10.0
_LONGEST_REPLY = 65_536
# What somebody outside may have us call.
_MAIL_PORTS = (25, 465, 587, 2525)
_LINE_OF_DOTS = re.compile(rb"(?m)^\.")


# Codes of RFC 5321.
_DONE, _FORWARDS, _WANTS_CONTENT, _GOING_AWAY = 250, 251, 354, 421
_GO_ON = (_DONE, _FORWARDS, _WANTS_CONTENT)


class _Broken(Exception):
    """The conversation cannot go on."""


class _Said(NamedTuple):
    code: int
    lines: list[bytes]

    @property
    def words(self) -> str:
        text = b" ".join(line[4:].strip() for line in self.lines).decode("utf-8", "replace")
        return f"{self.code} {text}".replace("\0", "").strip()[:400]

    def reply(self) -> Reply:
        """What it means where it is a refusal."""
        return Reply(Verdict.REFUSED if 500 <= self.code < 600 else Verdict.LATER, self.words)


class Smtp:
    """One mail server over one connection that is kept between batches."""

    name = Outgoing.Transport.SMTP.value
    key_life: timedelta | None = None

    def __init__(self, url: str, *, guarded: bool = False) -> None:
        self._guarded = guarded
        config = environ.Env.email_url_config(url)
        self._address = (config["EMAIL_HOST"], config["EMAIL_PORT"])
        self._login = (config["EMAIL_HOST_USER"], config["EMAIL_HOST_PASSWORD"])
        self._starttls, self._ssl = config.get("EMAIL_USE_TLS", False), config.get("EMAIL_USE_SSL", False)
        self._line: _Line | None = None
        self._rests_until = 0.0

    def is_open(self) -> bool:
        return time.monotonic() >= self._rests_until

    def hand_over(self, letters: Iterable[Letter]) -> Iterator[Reply]:
        refuse_inside_transaction()
        try:
            yield from self._hand_over(iter(letters))
        except BaseException:
            # The server may be waiting for a content: it would take the next conversation for it.
            self.close()
            raise

    def _hand_over(self, coming: Iterator[Letter]) -> Iterator[Reply]:
        letter = next(coming, None)
        while letter is not None:
            ready = self._greet(letter)
            following = next(coming, None)
            yield ready if isinstance(ready, Reply) else self._deliver(ready, letter, following)
            letter = following

    def close(self) -> None:
        """Hang up; the next letter opens a new connection."""
        if self._line is not None:
            self._line.close()
            self._line = None

    def _greet(self, letter: Letter) -> "_Line | Reply":
        """The line, waiting for the letter's content; else the reply that ends it. The letter has certainly not left.

        Raises Unreachable.
        """
        line = self._line
        if line is not None:
            try:
                refusal = line.open(letter)
                if refusal is None or refusal.code != _GOING_AWAY:
                    return refusal.reply() if refusal else line
            except (_Broken, OSError):
                pass
            # The server hung up between two mails, which it may: nothing was handed over yet.
            self.close()
        line = self._connect()
        try:
            refusal = line.open(letter)
        except (_Broken, OSError) as error:
            # This mail alone waits: a mail that makes the server hang up must not hold up the others.
            self.close()
            return Reply(Verdict.LATER, in_words(error))
        if refusal is not None and refusal.code == _GOING_AWAY:
            self.close()
        return refusal.reply() if refusal else line

    def _deliver(self, line: "_Line", letter: Letter, following: Letter | None) -> Reply:
        """Send the content, and with it the opening of the next letter. From its first byte on it may have left."""
        try:
            letter.leaves()
        except Withdrawn as error:
            self.close()
            return Reply(Verdict.LATER, str(error))
        try:
            said = line.deliver(letter.content, following)
        except (_Broken, OSError) as error:
            self.close()
            return Reply(Verdict.UNKNOWN, in_words(error))
        is_answer = 400 <= said.code < 600
        if said.code != _DONE and (said.code == _GOING_AWAY or not is_answer):
            self.close()
        if said.code == _DONE:
            return Reply(Verdict.TAKEN)
        return said.reply() if is_answer else Reply(Verdict.UNKNOWN, said.words)

    def _connect(self) -> "_Line":
        try:
            self._line = _Line(self._dial())
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            self._rests_until = time.monotonic() + _REST_S
            raise Unreachable(_words(error)) from error
        return self._line

    def _dial(self) -> smtplib.SMTP:
        host, port = self._address
        # Without a name smtplib asks the resolver for ours, which can take seconds.
        options: dict[str, Any] = {"timeout": settings.EMAIL_TIMEOUT, "local_hostname": _OUR_NAME}
        if self._ssl:
            over_tls = _GuardedTls if self._guarded else smtplib.SMTP_SSL
            smtp: smtplib.SMTP = over_tls(host, port or 465, context=ssl.create_default_context(), **options)
        else:
            plain = _Guarded if self._guarded else smtplib.SMTP
            smtp = plain(host, port or (587 if self._starttls else 25), **options)
        try:
            if self._starttls:
                smtp.starttls(context=ssl.create_default_context())
            user, password = self._login
            if user:
                smtp.login(user, password or "")
            smtp.ehlo_or_helo_if_needed()
        except (OSError, smtplib.SMTPException):
            smtp.close()
            raise
        return smtp


class _NotInside:
    """Connects to the address that was checked; the certificate is still asked for the name."""

    def _get_socket(self, host: str, port: int, timeout: float) -> Any:
        address = addresses.public(host, port)
        if port not in _MAIL_PORTS and not addresses.is_allowed(address):
            raise addresses.Inside(f"Mail is handed over at the ports {', '.join(map(str, _MAIL_PORTS))}, not {port}.")
        return super()._get_socket(address, port, timeout)  # type: ignore[misc]  # mixed into smtplib's classes


class _Guarded(_NotInside, smtplib.SMTP):
    pass


class _GuardedTls(_NotInside, smtplib.SMTP_SSL):
    pass


class _Line:
    """The conversation itself, from after the greeting on. Raises _Broken or OSError when it cannot go on."""

    def __init__(self, smtp: smtplib.SMTP) -> None:
        if smtp.sock is None:
            raise smtplib.SMTPServerDisconnected("The server hung up after its greeting.")
        self._smtp, self._sock = smtp, smtp.sock
        self._sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._pipelining = smtp.has_extn("pipelining")
        self._heard, self._until = b"", 0.0
        # The letter whose opening went out together with the content of the one before.
        self._announced: Letter | None = None

    def close(self) -> None:
        self._smtp.close()

    def open(self, letter: Letter) -> _Said | None:
        """MAIL, RCPT, DATA. None when the server wants the content, else its refusal."""
        announced, self._announced = self._announced, None
        if announced is not None and announced is not letter:
            raise _Broken("The server waits for another letter.")  # it would get this one's content
        if not self._pipelining:
            return self._judge(self._step_by_step(letter))
        if announced is None:
            self._say(_opening(letter))
        # After a refusal of MAIL or RCPT the answer to DATA must still be heard.
        return self._judge([self._hear() for _command in range(3)])

    def deliver(self, content: bytes, following: Letter | None) -> _Said:
        """The content and its end; with pipelining the next letter's opening travels along."""
        data = _dotted(content)
        if self._pipelining and following is not None:
            data += _opening(following)
            self._announced = following
        self._say(data)
        return self._hear()

    def _step_by_step(self, letter: Letter) -> list[_Said]:
        answers: list[_Said] = []
        for command in _opening(letter).splitlines(keepends=True):
            self._say(command)
            answers.append(self._hear())
            if answers[-1].code not in _GO_ON:
                break
        return answers

    def _judge(self, answers: list[_Said]) -> _Said | None:
        refusal = next((said for said in answers if said.code not in _GO_ON), None)
        if refusal is None:
            return None
        # After a refusal the server may still want a content, which nobody is to get: an empty one ends it.
        if refusal.code != _GOING_AWAY:
            with contextlib.suppress(_Broken, OSError):  # the answer stands, the next letter finds the line dead
                self._say(b".\r\n" if answers[-1].code == _WANTS_CONTENT else b"RSET\r\n")
                self._hear()
        return refusal

    def _say(self, data: bytes) -> None:
        # A server that drips its replies byte by byte gets no more time than this for all of them.
        self._until = time.monotonic() + 2 * settings.EMAIL_TIMEOUT
        self._sock.sendall(data)

    def _hear(self) -> _Said:
        """One reply, of one or several lines."""
        lines = [self._hear_line()]
        while lines[-1][3:4] == b"-":
            lines.append(self._hear_line())
        code = lines[-1][:3]
        if not code.isdigit():
            raise _Broken(f"The server said {lines[-1][:80]!r}.")
        return _Said(int(code), lines)

    def _hear_line(self) -> bytes:
        while b"\n" not in self._heard:
            piece = self._sock.recv(4096)
            self._heard += piece
            if not piece:
                raise _Broken("The server hung up.")
            if time.monotonic() > self._until or len(self._heard) > _LONGEST_REPLY:
                raise _Broken("The server did not come to the end of its reply.")
        line, _, self._heard = self._heard.partition(b"\n")
        return line


def _words(error: Exception) -> str:
    """The server's own words where it used any."""
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        words = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
        return f"{error.smtp_code} {words}".replace("\0", "")[:400]
    return str(error) if isinstance(error, addresses.Inside) else in_words(error)


def _opening(letter: Letter) -> bytes:
    return f"MAIL FROM:<{letter.sender}>\r\nRCPT TO:<{letter.recipient}>\r\nDATA\r\n".encode("ascii")


def _dotted(content: bytes) -> bytes:
    """The mail as it goes over the wire: lines that begin with a dot doubled, a lone dot at the end."""
    if not content.endswith(b"\r\n"):
        content += b"\r\n"
    if content.startswith(b".") or b"\n." in content:
        content = _LINE_OF_DOTS.sub(b"..", content)
    return content + b".\r\n"
