"""Personal survey links."""

from datetime import datetime, timedelta
from zoneinfo import available_timezones

from django.conf import settings
from django.db import transaction

from accounts.customers import gate
from accounts.customers.models import Contact
from accounts.mail import actions as mail
from accounts.mail.actions import Envelope
from accounts.mail.approvals import approved_until
from accounts.mail.preferences import preferences_url
from accounts.tenancy import tokens
from accounts.tenancy.actor import Actor
from accounts.tenancy.errors import Refusal
from accounts.tenancy.models import Workspace
from feedback.invitations.models import Invitation
from feedback.surveys.models import Survey

SURVEY = "survey"
LINK_LIFE = timedelta(days=60)


class NotInvited(Refusal):
    code = "not_invited"


def survey_url(invitation: Invitation) -> str:
    """`/s/<token>`: the contact's own way to answer, without a login."""
    token = tokens.make(
        SURVEY, workspace_id=invitation.workspace_id, object_id=invitation.pk, nonce=str(invitation.nonce)
    )
    return f"{settings.BASE_URL}/s/{token}"


@transaction.atomic
def invite(
    *, workspace: Workspace, survey: Survey, contact: Contact, by: Actor, now: datetime, send_at: datetime | None = None
) -> Invitation:
    """Make a link; with `send_at` it also goes out by mail, if the gate allows. Raises NotInvited with the reasons."""
    invitation = Invitation.objects.create(
        workspace=workspace, survey=survey, contact=contact, send_at=send_at, expires_at=(send_at or now) + LINK_LIFE
    )
    if send_at is not None:
        verdict = gate.judge(workspace=workspace, contact=contact, purpose="surveys", now=now)
        if not verdict.ok or not contact.email:
            detail = verdict.reasons[0].detail if verdict.reasons else f"{contact.name} has no e-mail address."
            raise NotInvited(detail, reasons=verdict.as_json()["reasons"])
        invitation.message = mail.queue(
            workspace=workspace,
            kind="survey",
            key=f"invitation:{invitation.pk}",
            envelope=_letter(workspace, survey, contact, invitation),
            due_at=send_at,
            expires_at=invitation.expires_at,
            approved_until=approved_until(due_at=send_at, judged_at=now),
        )
        invitation.save(update_fields=["message"])
    return invitation


def mark_answered(*, invitation: Invitation, timezone_name: str, now: datetime) -> None:
    """Note that the link was used, and where the clock of the person stands if their browser told."""
    Invitation.objects.filter(workspace=invitation.workspace_id, pk=invitation.pk).update(answered_at=now)
    if timezone_name in available_timezones() and timezone_name != invitation.contact.timezone:
        invitation.contact.timezone = timezone_name
        invitation.contact.save(update_fields=["timezone", "updated_at"])


def _letter(workspace: Workspace, survey: Survey, contact: Contact, invitation: Invitation) -> Envelope:
    stop = preferences_url(
        kind="contact",
        workspace_id=workspace.pk,
        object_id=contact.pk,
        nonce=contact.preferences_nonce,
        purpose="surveys",
    )
    greeting = f"Hi {contact.first_name}," if contact.first_name else "Hello,"
    body = (
        f"{greeting}\n\none question, one tap:\n\n{survey.question}\n\n{survey_url(invitation)}\n\n"
        f"{workspace.sender_name or workspace.name}\n\n"
        f"Rather not get these? Tell me, or click here: {stop}\n{workspace.postal_address}".rstrip()
    )
    return Envelope(
        to_email=contact.email,
        to_name=contact.name,
        from_email=workspace.sender_email,
        from_name=workspace.sender_name or workspace.name,
        subject=f"One question from {workspace.name}",
        body_text=body,
        unsubscribe_url=stop,
    )
