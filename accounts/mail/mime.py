"""A mail in the form of RFC 5322. Nothing in a name, a subject or an address can add a header or a recipient."""

import re
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from accounts.mail.models import Outgoing

_PLAIN = re.compile(r"[!-~]+")
# A longer word does not fit one header line, and readers would take its rest for another address.
_LONGEST_NAME = 64


class NotSendable(ValueError):
    """The mail cannot be written down as it is; the message says why."""


def ascii_address(email: str) -> str:
    """The address as mail servers take it, the domain in its ASCII form. Raises NotSendable."""
    local, at, domain = email.strip().rpartition("@")
    try:
        domain = domain.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise NotSendable(f"The address “{email[:80]}” has a domain that cannot exist.") from error
    address = f"{local}@{domain}"
    if not (at and local and domain) or not _PLAIN.fullmatch(address) or set(address) & set('<>()[]\\,;:"'):
        raise NotSendable(f"“{email[:80]}” is not an address mail can be sent to.")
    return address


def compose(mail: Outgoing, *, at: datetime, unsubscribe_url: str = "", automatic: bool, demo: bool = False) -> bytes:
    """The mail as bytes, lines ending in CRLF. Raises NotSendable.

    `automatic` says that no person stands behind it (notices, sign-in), so that out-of-office replies stay away.
    """
    message = EmailMessage(policy=SMTP)
    message["From"] = _person(mail.from_name, mail.from_email)
    message["To"] = _person(mail.to_name, mail.to_email)
    if mail.reply_to:
        message["Reply-To"] = _person(mail.from_name, mail.reply_to)
    message["Subject"] = _one_line(mail.subject)
    message["Date"] = format_datetime(at)
    message.set_content(_lines(mail.body_text), cte="quoted-printable")
    if mail.body_html:
        message.add_alternative(_lines(mail.body_html), subtype="html", cte="quoted-printable")
    return _exact_headers(mail, unsubscribe_url, automatic=automatic, demo=demo) + message.as_bytes()


def _exact_headers(mail: Outgoing, unsubscribe_url: str, *, automatic: bool, demo: bool) -> bytes:
    """Headers that must arrive letter by letter: the library would encode a long address as if it were words."""
    headers = {"Message-ID": mail.rfc_message_id}
    if mail.in_reply_to:
        headers |= {"In-Reply-To": mail.in_reply_to, "References": mail.in_reply_to}
    if unsubscribe_url:
        headers |= {"List-Unsubscribe": f"<{unsubscribe_url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    if automatic:
        headers["Auto-Submitted"] = "auto-generated"
    if demo:
        headers["X-Goodword-Demo"] = "yes"
    for name, value in headers.items():
        if not _PLAIN.fullmatch(value):
            raise NotSendable(f"The header {name} cannot hold “{value[:80]}”.")
    return "".join(f"{name}: {value}\r\n" for name, value in headers.items()).encode("ascii")


def _person(name: str, email: str) -> Address:
    return Address(display_name=_one_line(name)[:_LONGEST_NAME], addr_spec=ascii_address(email))


def _one_line(text: str) -> str:
    """Without line breaks, control characters, halves of characters, and without what a reader would decode."""
    text = " ".join(text.encode("utf-8", "ignore").decode("utf-8").split())
    return "".join(letter for letter in text if letter.isprintable()).replace("=?", "= ?")


def _lines(text: str) -> str:
    return text.encode("utf-8", "ignore").decode("utf-8").replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
