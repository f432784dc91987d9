"""What owners are told about the end of their workspace."""

from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.mail.actions import queue_account_mail
from accounts.members.models import Role
from accounts.tenancy.models import Workspace


def tell_owners_of_closing(*, workspace: Workspace, now: datetime) -> None:
    """When it is deleted, how to call it back, how to take everything along."""
    url = settings.BASE_URL + reverse("settings-life", args=[workspace.slug])
    for email in owners_of(workspace):
        _tell(email, "closing", f"{workspace.name} is closing", {"workspace": workspace, "url": url}, now)


def tell_of_deletion(*, name: str, emails: list[str], now: datetime) -> None:
    """It is gone."""
    for email in emails:
        _tell(email, "deleted", f"{name} was deleted", {"name": name}, now)


def owners_of(workspace: Workspace) -> list[str]:
    """Their addresses."""
    return list(workspace.members.filter(role=Role.OWNER, is_active=True).values_list("email", flat=True))


def _tell(email: str, template: str, subject: str, context: dict[str, object], now: datetime) -> None:
    queue_account_mail(
        to_email=email,
        subject=subject,
        body_text=render_to_string(f"accounts/lifecycle/mail/{template}.txt", context),
        body_html=render_to_string(f"accounts/lifecycle/mail/{template}.html", context),
        now=now,
    )
