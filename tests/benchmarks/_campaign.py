"""A great campaign that is due in one workspace, and people of another who are asked at once when they answer."""

from datetime import UTC, datetime, timedelta

from django.utils import timezone

from accounts.mail.actions import email_hash
from accounts.mail.models import Message
from accounts.tenancy.scope import workspace_scope
from tests.benchmarks import _crowd, _people
from tests.benchmarks._sink import WATCHED
from tests.factories import accounts as factories

_CHUNK = 5_000


def make_prompt(*, key: str, people: int) -> tuple[list[str], list[str]]:
    """Give public ids and addresses of people whom an automatic program asks at once: it is noon where they live."""
    workspace, contacts = _people.make(key=key, people=people)
    noon = datetime.now(UTC).hour - 12
    with workspace_scope(workspace.pk):
        workspace.programs.update(policy="automatic")
        # With revenue the top tenth would be asked by hand only.
        workspace.companies.update(arr_minor=None, currency="")
        rows = list(workspace.contacts.order_by("pk"))
        for number, contact in enumerate(rows):
            contact.email = contact.email_normalized = f"person{number}{WATCHED}"
            contact.timezone = f"Etc/GMT{noon:+d}"
        workspace.contacts.bulk_update(rows, ["email", "email_normalized", "timezone"])
    addresses = {contact.public_id: contact.email for contact in rows}
    return contacts, [addresses[contact] for contact in contacts]


def make_due(count: int) -> None:
    """Put `count` campaign mails of another workspace into the outbox, due now."""
    limits = {"mails_per_minute": 0, "mails_per_minute_and_domain": 0}
    workspace = factories.WorkspaceFactory(slug="bench-campaign", limits=limits)
    now = timezone.now()
    for start in range(0, count, _CHUNK):
        with workspace_scope(workspace.pk):
            Message.objects.bulk_create(
                _mail(workspace, number, now) for number in range(start, min(start + _CHUNK, count))
            )
    _crowd.analyze()


def _mail(workspace, number: int, now: datetime) -> Message:
    email = f"reader{number}@northwind.example"
    return Message(
        workspace=workspace,
        kind="campaign",
        key=f"campaign:{number}",
        to_email=email,
        from_email="ana@acme.example",
        from_name="Ana",
        subject="What is new in November",
        body_text="We have built something for you.\n" * 20,
        rfc_message_id=f"<{number}@goodword.acme.example>",
        email_hash=email_hash(email),
        due_at=now,
        expires_at=now + timedelta(days=1),
    )
