"""A workspace with people who can answer: each at a company of their own, with an owner."""

from accounts.customers.models import Company, Contact
from accounts.tenancy.models import Workspace
from accounts.tenancy.scope import workspace_scope
from referrals.asks.models import Ask
from tests.factories import accounts as factories
from tests.factories.referrals import ProgramFactory

# A run takes more than a minute's worth of requests.
_NO_LIMIT = 10**9


def make(*, key: str, people: int) -> tuple[Workspace, list[str]]:
    """Give the workspace, with one live program and this API key, and the public ids of its people."""
    workspace: Workspace = factories.WorkspaceFactory(
        slug="bench-intake", limits={"api_requests_per_minute": _NO_LIMIT}
    )
    with workspace_scope(workspace.pk):
        factories.ApiKeyFactory(workspace=workspace, secret=key)
        ProgramFactory(workspace=workspace)
        owner = factories.MemberFactory(workspace=workspace)
        companies = Company.objects.bulk_create(
            factories.CompanyFactory.build(workspace=workspace, owner=owner, arr_minor=1_000_000 + n, currency="USD")
            for n in range(people)
        )
        contacts = Contact.objects.bulk_create(
            factories.ContactFactory.build(workspace=workspace, company=company) for company in companies
        )
        return workspace, [contact.public_id for contact in contacts]


def must_be_asked(workspace: Workspace, high: int) -> None:
    """Raises RuntimeError unless every high score has queued its ask, with link and mail."""
    with workspace_scope(workspace.pk):
        counts = Ask.objects.filter(workspace=workspace).count(), workspace.links.count(), workspace.messages.count()
    if counts[0] != high or counts[1] != high:
        raise RuntimeError(f"Of {high} high scores came {counts[0]} asks, {counts[1]} links, {counts[2]} mails.")
