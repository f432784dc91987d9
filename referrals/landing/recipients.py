"""Referred people in the room of mail: they decide what they get from us, as customers do."""

from uuid import UUID

from accounts.mail import preferences
from accounts.mail.preferences import Recipient
from accounts.tenancy.models import Workspace
from referrals.pipeline.models import Referral

KIND = "referee"


def referee_recipient(workspace: Workspace, referral_id: UUID) -> Recipient | None:
    """The referred person of this referral; None without an address. A registered resolver of accounts.mail."""
    referral = workspace.referrals.filter(pk=referral_id).first()
    if referral is None or not referral.referee_email_normalized:
        return None
    return Recipient(subject=referral, email=referral.referee_email_normalized, nonce=referral.preferences_nonce)


def preferences_url(referral: Referral) -> str:
    """The referred person's page of preferences. It works until the referral's nonce changes."""
    return preferences.preferences_url(
        kind=KIND,
        workspace_id=referral.workspace_id,
        object_id=referral.pk,
        nonce=referral.preferences_nonce,
    )


def register() -> None:
    """Make referred people known to the room of mail."""
    preferences.register(KIND, referee_recipient)
