"""What is done to many customers at once: each row calls the action of one."""

from typing import Any

from django import forms
from django.db.models import Q

from accounts.customers import actions
from accounts.customers.forms import HoldForm
from accounts.customers.models import Company, Contact
from accounts.lists.spec import Doing
from accounts.tenancy.errors import InvalidInput, Refusal
from accounts.tenancy.models import Workspace


class OwnerForm(forms.Form):
    """A colleague who looks after them from now on."""

    owner = forms.ChoiceField(label="Who looks after them?")

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = workspace.members.filter(is_active=True).order_by("name", "pk")
        self.fields["owner"].choices = list(members.values_list("email", "name"))  # type: ignore[attr-defined]


def hold_form(*args: Any, workspace: Workspace, **kwargs: Any) -> forms.Form:
    """The form of one hold."""
    return HoldForm(*args, **kwargs)


def hold(row: Contact | Company, doing: Doing) -> None:
    """Leave one of them alone. Raises InvalidInput."""
    on = {"contact": row} if isinstance(row, Contact) else {"company": row}
    actions.place_hold(workspace=doing.workspace, by=doing.by, now=doing.now, **on, **doing.data)


def lift(row: Contact | Company, doing: Doing) -> None:
    """End every hold that stands on one of them. Raises Refusal where there is none."""
    on = Q(contact=row) if isinstance(row, Contact) else Q(company=row)
    standing = list(doing.workspace.holds.filter(on, lifted_at=None).filter(Q(until=None) | Q(until__gt=doing.now)))
    if not standing:
        raise Refusal("There is no hold to lift.")
    for one in standing:
        actions.lift_hold(workspace=doing.workspace, hold=one, by=doing.by, now=doing.now)


def set_owner(row: Contact | Company, doing: Doing) -> None:
    """Give a company, or the company of a contact, to a colleague. Raises InvalidInput."""
    company = row.company if isinstance(row, Contact) else row
    if company is None:
        raise InvalidInput("They belong to no company, and owners look after companies.", field="owner")
    reference = {"id": company.public_id, "owner_email": doing.data["owner"]}
    actions.resolve_company(workspace=doing.workspace, reference=reference, by=doing.by, now=doing.now)
