"""The mail with which somebody is invited."""

from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.mail.actions import queue_account_mail
from accounts.members.models import MemberInvitation
from accounts.tenancy import tokens

MEMBER_INVITATION = "member-invitation"


def invitation_url(invitation: MemberInvitation) -> str:
    """Where the invitation is accepted; nothing secret is stored."""
    token = tokens.make(
        MEMBER_INVITATION,
        workspace_id=invitation.workspace_id,
        object_id=invitation.pk,
        nonce=str(invitation.nonce),
    )
    return settings.BASE_URL + reverse("member-invitation", args=[token])


def send_invitation(*, invitation: MemberInvitation, now: datetime) -> None:
    """Put the mail on its way."""
    context = {"invitation": invitation, "workspace": invitation.workspace, "url": invitation_url(invitation)}
    queue_account_mail(
        to_email=invitation.email,
        subject=f"{invitation.invited_by.name} would like you to join {invitation.workspace.name} on Goodword",
        body_text=render_to_string("accounts/settings/mail/invitation.txt", context),
        body_html=render_to_string("accounts/settings/mail/invitation.html", context),
        now=now,
    )
