"""A mail in the form of RFC 5322, written by hand: the library takes ten times as long, and a campaign waits for it.

Nothing in a name, a subject or an address can add a header or a recipient.
"""

import binascii
import re
from collections.abc import Iterator
from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache
from textwrap import wrap

from accounts.mail.claimed import Claimed
from accounts.mail.models import Outgoing

_PLAIN = re.compile(r"[!-~]+")
# What a header may hold as it is (RFC 5322 3.2.3 and 3.2.5); anything else is an encoded word.
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/?^_`{|}~ -]*")
_PRINTABLE = re.compile(r"[ -~]*")
_FORBIDDEN_IN_ADDRESS = frozenset('<>()[]\\,;:"')
# A longer word does not fit one header line, and readers would take its rest for another address.
_LONGEST_NAME = 64
_LONGEST_LINE = 76
# 39 bytes make 52 letters of base64: with "=?utf-8?b?" and "?=" a word of 64, and "Subject: " still fits before it.
_WORD_BYTES = 39


class NotSendable(ValueError):
    """The mail cannot be written down as it is; the message says why."""


@lru_cache(maxsize=4096)
def ascii_address(email: str) -> str:
    """The address as mail servers take it, the domain in its ASCII form. Raises NotSendable."""
    local, at, domain = email.strip().rpartition("@")
    try:
        domain = domain.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise NotSendable(f"The address “{email[:80]}” has a domain that cannot exist.") from error
    address = f"{local}@{domain}"
    if not (at and local and domain) or not _PLAIN.fullmatch(address) or set(address) & _FORBIDDEN_IN_ADDRESS:
        raise NotSendable(f"“{email[:80]}” is not an address mail can be sent to.")
    return address


def compose(
    mail: Outgoing | Claimed, *, at: datetime, unsubscribe_url: str = "", automatic: bool, demo: bool = False
) -> bytes:
    """The mail as bytes, lines ending in CRLF. Raises NotSendable.

    `automatic` says that no person stands behind it (notices, sign-in), so that out-of-office replies stay away.
    """
    headers = [
        f"Message-ID: {_exact('Message-ID', mail.rfc_message_id)}",
        f"From: {_person(mail.from_name, mail.from_email)}",
        f"To: {_person(mail.to_name, mail.to_email)}",
        f"Subject: {_words(one_line(mail.subject), len('Subject: '))}",
        f"Date: {_date(at.replace(microsecond=0))}",
        "MIME-Version: 1.0",
    ]
    if mail.reply_to:
        headers.append(f"Reply-To: {_person(mail.from_name, mail.reply_to)}")
    if mail.in_reply_to:
        first = _exact("In-Reply-To", mail.in_reply_to)
        headers += [f"In-Reply-To: {first}", f"References: {first}"]
    if unsubscribe_url:
        headers.append(f"List-Unsubscribe: <{_exact('List-Unsubscribe', unsubscribe_url)}>")
        headers.append("List-Unsubscribe-Post: List-Unsubscribe=One-Click")
    if automatic:
        headers.append("Auto-Submitted: auto-generated")
    if demo:
        headers.append("X-Goodword-Demo: yes")
    return "\r\n".join(headers).encode("ascii") + b"\r\n" + _content(mail)


def _content(mail: Outgoing | Claimed) -> bytes:
    """The headers of the content, an empty line, and the content: one text, or a text and the same as HTML."""
    text = _part("plain", mail.body_text)
    if not mail.body_html:
        return text
    # No part can hold it by chance: the identifier is the mail's own.
    boundary = f"=_{mail.pk.hex}".encode()
    return b"\r\n".join(
        [
            b'Content-Type: multipart/alternative; boundary="%b"' % boundary,
            b"",
            b"--" + boundary,
            text,
            b"--" + boundary,
            _part("html", mail.body_html),
            b"--%b--" % boundary,
            b"",
        ]
    )


def _part(subtype: str, text: str) -> bytes:
    lines = text.encode("utf-8", "ignore").replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\0", b"")
    if not lines.endswith(b"\n"):
        lines += b"\n"
    encoded = binascii.b2a_qp(lines, istext=True).replace(b"\n", b"\r\n")
    kind = f'Content-Type: text/{subtype}; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
    return kind.encode("ascii") + encoded


def _exact(header: str, value: str) -> str:
    """A value that must arrive letter by letter."""
    if not _PLAIN.fullmatch(value):
        raise NotSendable(f"The header {header} cannot hold “{value[:80]}”.")
    return value


@lru_cache(maxsize=8)
def _date(second: datetime) -> str:
    return format_datetime(second)


@lru_cache(maxsize=4096)
def _person(name: str, email: str) -> str:
    """A mailbox of RFC 5322: `Ana Acme <ana@acme.example>`, or only the address where there is no name."""
    address = ascii_address(email)
    name = one_line(name)[:_LONGEST_NAME].strip()
    if not name:
        return address
    if _ATOMS.fullmatch(name):
        words = name
    elif _PRINTABLE.fullmatch(name):
        words = '"{}"'.format(name.replace("\\", "\\\\").replace('"', '\\"'))
    else:
        words = _encoded(name)
    # An address is never broken; on a line of its own it may be as long as the standard allows.
    fits = len(words.rpartition("\r\n")[2]) + len(address) + len("Reply-To:  <>") <= _LONGEST_LINE
    return f"{words} <{address}>" if fits else f"{words}\r\n <{address}>"


def _words(text: str, indent: int) -> str:
    """Free text in a header: as it is where it is plain and short, folded at spaces, or in encoded words."""
    if not _PRINTABLE.fullmatch(text):
        return _encoded(text)
    if len(text) <= _LONGEST_LINE - indent:
        return text
    lines = wrap(text, _LONGEST_LINE - indent, break_long_words=False, break_on_hyphens=False)
    return "\r\n ".join(lines) if max(map(len, lines)) <= _LONGEST_LINE - indent else _encoded(text)


def _encoded(text: str) -> str:
    """Encoded words of RFC 2047, none of which cuts a character in two."""
    return "\r\n ".join(
        f"=?utf-8?b?{binascii.b2a_base64(chunk, newline=False).decode('ascii')}?=" for chunk in _chunks(text)
    )


def _chunks(text: str) -> Iterator[bytes]:
    chunk = b""
    for letter in text:
        encoded = letter.encode("utf-8")
        if len(chunk) + len(encoded) > _WORD_BYTES:
            yield chunk
            chunk = b""
        chunk += encoded
    if chunk:
        yield chunk


def one_line(text: str) -> str:
    """Without line breaks, control characters, halves of characters, and without what a reader would decode."""
    if not text.isprintable():
        text = " ".join(text.encode("utf-8", "ignore").decode("utf-8").split())
        text = "".join(letter for letter in text if letter.isprintable())
    return " ".join(text.split()).replace("=?", "= ?")
