"""In whose name the workspace's mail goes out, and whether its connection may speak for them."""

from dataclasses import dataclass

from accounts.mail.models import MailConnection
from accounts.tenancy.models import Workspace

_MOST_DOMAINS = 3


@dataclass(frozen=True, slots=True)
class Sender:
    name: str
    email: str
    # False where the connection says that it sends for other domains; None where it says nothing.
    fits: bool | None


def of(workspace: Workspace, connection: MailConnection) -> list[Sender]:
    """The workspace's sender and its active members, whoever does not fit first."""
    people = list(workspace.members.filter(is_active=True).order_by("name", "pk").values_list("name", "email"))
    if workspace.sender_email:
        people.insert(0, (workspace.sender_name or workspace.name, workspace.sender_email))
    rows = [Sender(name, email, _fits(email, connection.from_domains)) for name, email in dict.fromkeys(people)]
    return sorted(rows, key=lambda row: row.fits is not False)


def domains(people: list[Sender], connection: MailConnection) -> list[str]:
    """The domains whose records matter, the connection's own first; a few."""
    senders = [sender.email.rpartition("@")[2].lower() for sender in people]
    return list(dict.fromkeys([*connection.from_domains, *senders]))[:_MOST_DOMAINS]


def _fits(email: str, allowed: list[str]) -> bool | None:
    if not allowed:
        return None
    domain = email.rpartition("@")[2].lower()
    return any(domain == one or domain.endswith(f".{one}") for one in allowed)
