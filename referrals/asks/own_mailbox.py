"""An ask that somebody sends from their own mailbox: opened there with one click, noted here when it has left."""

import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlencode

from django.db import models, transaction

from accounts.customers import gate
from accounts.mail import capture
from accounts.mail.capture import Copy
from accounts.mail.preferences import preferences_url
from accounts.members.models import Member
from accounts.tenancy import tokens
from accounts.tenancy.actor import Actor, ActorKind
from accounts.tenancy.models import Workspace
from referrals.asks import circumstances, post, rests
from referrals.asks.errors import MailIsLeaving
from referrals.asks.events import record
from referrals.asks.gatekeeping import standing_reasons
from referrals.asks.models import Ask
from referrals.links.addresses import ADVOCATE

GMAIL = "https://mail.google.com/mail/"
OUTLOOK = "https://outlook.office.com/mail/deeplink/compose"
_CODE = re.compile(r"/r/([a-z0-9-]{1,40})")
_TOKEN = re.compile(r"/a/([A-Za-z0-9_-]{64})")
_ON_THE_DESK = (Ask.State.QUEUED, Ask.State.EXPIRED)


@dataclass(frozen=True, slots=True)
class Letter:
    """An ask as it is written in one's own mailbox. `capture` is the address for Bcc, "" where there is none."""

    to: str
    subject: str
    body: str
    capture: str

    @property
    def gmail(self) -> str:
        return f"{GMAIL}?{_query(view='cm', fs='1', to=self.to, su=self.subject, body=self.body, bcc=self.capture)}"

    @property
    def outlook(self) -> str:
        """Outlook on the web takes recipients, subject and text from a link, and no Bcc."""
        return f"{OUTLOOK}?{_query(to=self.to, subject=self.subject, body=self.body)}"

    @property
    def mailto(self) -> str:
        """RFC 6068: line breaks are CRLF."""
        words = _query(subject=self.subject, body=self.body.replace("\n", "\r\n"), bcc=self.capture)
        return f"mailto:{quote(self.to, safe='@')}?{words}"


def letter(*, ask: Ask) -> Letter:
    """The ask's words with the last line that carries opt-out and postal address, as every ask of ours has."""
    workspace, contact = ask.workspace, ask.contact
    leave = preferences_url(
        kind="contact", workspace_id=workspace.pk, object_id=contact.pk, nonce=contact.preferences_nonce
    )
    body = f"{ask.body}\n\n{post.last_line(workspace, leave)}"
    return Letter(contact.email, ask.subject, body, capture.address_of(workspace))


def reasons_against(*, ask: Ask, now: datetime) -> tuple[gate.Reason, ...]:
    """What the gate says now: whoever writes by hand should know before, not after."""
    verdict = gate.judge(workspace=ask.workspace, contact=ask.contact, purpose="asks", now=now)
    return tuple(standing_reasons([ask], {ask.contact_id: verdict}, now)[ask.pk])


@transaction.atomic
def mark_sent(*, ask: Ask, by: Actor, now: datetime, sent_at: datetime | None = None) -> Ask:
    """It left from somebody's own mailbox (`sent_at`, else now): it counts for the rest and for the clock like any ask.

    A fact is noted whatever the gate would say. Our own mail stays home, and no reminder of ours follows a letter that
    is not ours. Raises AskNotOpen, MailIsLeaving.
    """
    ask = circumstances.lock(ask=ask, states=_ON_THE_DESK)
    if not post.take_back(ask):
        raise MailIsLeaving("Our own mail to them is leaving at this moment.")
    at = min(max(sent_at or now, ask.queued_at), now)
    ask.state, ask.channel, ask.sent_at, ask.send_at = Ask.State.SENT, Ask.Channel.MAIL, at, None
    ask.sent_by_person, ask.ended_reason = True, ""
    ask.save()
    ask.workspace.contacts.filter(pk=ask.contact_id).update(asked_at=ask.queued_at)
    rests.after_sending(contact=ask.contact, sent_at=at)
    record("ask.sent", ask=ask, by=by, now=now, own_mailbox=True)
    return ask


def settle_copy(*, workspace: Workspace, copy: Copy, member: Member, now: datetime) -> str | None:
    """Note the ask of which this is a copy as sent; the words for it, None where no ask on the desk is meant.

    Found by a link of the contact's in its text, else by whom it went to.
    """
    waiting = workspace.asks.filter(state__in=_ON_THE_DESK).select_related("workspace", "contact", "link")
    to = waiting.filter(contact__email_normalized__in=copy.recipients).order_by("-queued_at")
    ask = _by_link(waiting, copy.text) or to.first()
    if ask is None:
        return None
    by = Actor(ActorKind.MEMBER, member.pk)
    try:
        mark_sent(ask=ask, by=by, now=now, sent_at=copy.sent_at)
    except MailIsLeaving:
        return None
    return f"{member.name} asked {ask.contact.name} from their own mailbox."


def _by_link(asks: "models.QuerySet[Ask]", text: str) -> Ask | None:
    codes = _CODE.findall(text)
    links = [read.object_id for read in map(_token, _TOKEN.findall(text)) if read is not None]
    return asks.filter(models.Q(link__code__in=codes) | models.Q(link__in=links)).order_by("-queued_at").first()


def _token(text: str) -> tokens.PublicToken | None:
    try:
        return tokens.read(ADVOCATE, text)
    except tokens.BadToken:
        return None


def _query(**words: str) -> str:
    """Spaces as %20: a plus stays a plus where a sign-in page lies on the way."""
    return urlencode({name: value for name, value in words.items() if value}, quote_via=quote)
