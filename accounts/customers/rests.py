"""Leaving somebody alone after an ask. The contact must be locked."""

from collections.abc import Collection
from datetime import datetime

from accounts.customers.models import Contact, Rest


def rest_of(contact: Contact) -> Rest | None:
    """Their rest, whether or not it is over."""
    return Rest.objects.filter(workspace_id=contact.workspace_id, contact_id=contact.pk).first()


def set_rest(*, contact: Contact, until: datetime, reason: str) -> None:
    """Leave this contact alone until then, whatever held before. `reason`: as the gate reads it (gate._rests)."""
    rest = Rest(workspace_id=contact.workspace_id, contact_id=contact.pk, until=until, reason=reason)
    Rest.objects.bulk_create(
        [rest], update_conflicts=True, unique_fields=["contact"], update_fields=["until", "reason"]
    )


def lift_rest(*, contact: Contact, reason: str) -> None:
    """End the rest if it was for this reason."""
    Rest.objects.filter(workspace_id=contact.workspace_id, contact_id=contact.pk, reason=reason).delete()


def keep_the_longest(contacts: Collection[Contact]) -> None:
    """Of these contacts' rests only the longest stays: they are one person."""
    [workspace_id] = {contact.workspace_id for contact in contacts}
    rows = Rest.objects.filter(workspace_id=workspace_id, contact__in=contacts).order_by("-until", "pk")
    shorter = list(rows.values_list("pk", flat=True)[1:])
    Rest.objects.filter(workspace_id=workspace_id, pk__in=shorter).delete()
