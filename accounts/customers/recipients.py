"""Contacts and the link to their mail preferences."""

from uuid import UUID

from accounts.customers.models import Contact
from accounts.mail import preferences
from accounts.mail.preferences import Recipient
from accounts.tenancy.models import Workspace

KIND = "contact"


def contact_recipient(workspace: Workspace, contact_id: UUID) -> Recipient | None:
    """The contact behind a preferences link; None without an address."""
    contact = workspace.contacts.filter(pk=contact_id).exclude(email="").first()
    if contact is None:
        return None
    return Recipient(
        subject=contact,
        email=contact.email,
        nonce=contact.preferences_nonce,
        purposes=("asks", "surveys"),
        contact_id=contact.pk,
        company_id=contact.company_id,
    )


def preferences_url(contact: Contact, *, purpose: str = "all") -> str:
    """The contact's preferences page; as a mail's `unsubscribe_url`, with what one click ends."""
    return preferences.preferences_url(
        kind=KIND,
        workspace_id=contact.workspace_id,
        object_id=contact.pk,
        nonce=contact.preferences_nonce,
        purpose=purpose,
    )


def register() -> None:
    """Called once when the apps are ready."""
    preferences.register(KIND, contact_recipient)
