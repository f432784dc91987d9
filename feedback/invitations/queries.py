"""Finding an invitation by its link."""

from datetime import datetime

from accounts.tenancy.tokens import PublicToken
from feedback.invitations.models import Invitation


def open_by(token: PublicToken, *, now: datetime) -> Invitation | None:
    """The live invitation a link belongs to; None for altered, retired and expired links. Needs the scope open."""
    rows = Invitation.objects.select_related("survey", "contact__company", "workspace")
    invitation = rows.filter(workspace=token.workspace_id, pk=token.object_id).first()
    if invitation is None or not token.fits(str(invitation.nonce)) or invitation.expires_at <= now:
        return None
    return invitation
