"""A workspace with many asks that are due: each for another person, with link, mail and event, as the intake has it."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.customers.models import Company, Contact
from accounts.events.models import Event
from accounts.mail.actions import email_hash
from accounts.mail.models import Message
from accounts.tenancy.models import Workspace
from accounts.tenancy.scope import workspace_scope
from referrals.asks.models import Ask
from referrals.links.models import Link
from referrals.programs.models import Program
from tests.benchmarks import _crowd
from tests.factories import accounts as factories
from tests.factories.referrals import ProgramFactory

_CHUNK = 2_000
_LETTER = """Hi Jamie,

Thank you for the 10 on Tuesday. You told us that reporting took your team 40 hours a month before, and that it is 24
now.
That is the kind of change we would like to bring to one or two more people.

Is there another Head of Operations you know who fights with month-end? An introduction of two lines is enough, and the
page behind this link has words you can use or change: https://goodword.acme.example/a/{token}

If nobody comes to mind, that is fine too.

Ana

Rather not get these? Tell me, or click here: https://goodword.acme.example/p/{token}
Acme Inc, 1 Harbour Street, 20457 Hamburg
"""
_TOKEN = "AZrvTbYAc3GShyqnYDUECQ" * 4


def make(count: int, *, slug: str = "bench-dispatch") -> Workspace:
    """Give the workspace; `count` is rounded up to full chunks of 2,000."""
    limits = {"mails_per_minute": 0, "mails_per_minute_and_domain": 0}
    workspace: Workspace = factories.WorkspaceFactory(slug=slug, limits=limits)
    with workspace_scope(workspace.pk):
        program = ProgramFactory(workspace=workspace)
        sender = factories.MemberFactory(workspace=workspace)
        company = factories.CompanyFactory(workspace=workspace, owner=sender)
    for start in range(0, count, _CHUNK):
        with workspace_scope(workspace.pk):
            _make_some(start, workspace, program, sender, company)
    _crowd.analyze()
    return workspace


def _make_some(start: int, workspace: Workspace, program: Program, sender: Any, company: Company) -> None:
    now = timezone.now()
    numbers = range(start, start + _CHUNK)
    contacts = Contact.objects.bulk_create(
        Contact(
            workspace=workspace,
            company=company,
            external_id=f"person-{number}",
            first_name="Jamie",
            last_name=f"Okafor {number}",
            title="Head of Operations",
            email=f"jamie{number}@northwind.example",
            email_normalized=f"jamie{number}@northwind.example",
            timezone="Europe/Berlin",
            asked_at=now,
        )
        for number in numbers
    )
    links = Link.objects.bulk_create(
        Link(workspace=workspace, contact=contact, program=program, code=f"{workspace.slug}-{number}")
        for number, contact in zip(numbers, contacts, strict=True)
    )
    asks = [_ask(workspace, program, sender, link, now) for link in links]
    Message.objects.bulk_create(ask.message for ask in asks if ask.message)
    Ask.objects.bulk_create(asks)
    Event.objects.bulk_create(_queued(workspace, ask, now) for ask in asks)


def _ask(workspace: Workspace, program: Program, sender: Any, link: Link, now: Any) -> Ask:
    ask = Ask(
        workspace=workspace,
        contact=link.contact,
        program=program,
        link=link,
        policy="automatic",
        sender=sender,
        sender_name=sender.name,
        sender_email=sender.email,
        subject="Another Head of Operations?",
        body=_LETTER.format(token=_TOKEN),
        responded_at=now - timedelta(hours=1),
        queued_at=now - timedelta(hours=1),
        send_at=now,
        deadline_at=now + timedelta(hours=23),
    )
    ask.message = Message(
        workspace=workspace,
        kind="ask",
        key=f"ask:{ask.pk}",
        to_email=link.contact.email,
        to_name=f"Jamie {link.contact.last_name}",
        from_email=sender.email,
        from_name=sender.name,
        reply_to=sender.email,
        subject=ask.subject,
        body_text=ask.body,
        unsubscribe_url=f"https://goodword.acme.example/p/{_TOKEN}?for=asks",
        rfc_message_id=f"<{ask.pk}@goodword.acme.example>",
        email_hash=email_hash(link.contact.email),
        due_at=now,
        expires_at=ask.deadline_at,
    )
    return ask


def _queued(workspace: Workspace, ask: Ask, now: Any) -> Event:
    return Event(
        workspace=workspace,
        type="ask.queued",
        occurred_at=now,
        actor_kind="system",
        subject_kind="ask",
        subject_id=ask.pk,
        contact_id=ask.contact_id,
        data={"id": ask.public_id, "state": "queued"},
        sequence=1,
    )
