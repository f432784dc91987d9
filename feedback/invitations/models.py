"""One contact's personal link to a survey."""

from django.db import models
from uuid_utils.compat import uuid7

from accounts.tenancy.constraints import walls
from accounts.tenancy.models import TenantModel, same_workspace


class Invitation(TenantModel):
    """`/s/<token>`: needs no login, answers one survey once (the last answer within the link's life wins)."""

    prefix = "ivt"

    survey = same_workspace("feedback.Survey")
    contact = same_workspace("accounts.Contact")
    nonce = models.UUIDField(default=uuid7)
    send_at = models.DateTimeField(null=True, blank=True)
    message = same_workspace("accounts.Message", null=True, blank=True)
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_related_name = "invitations"
        constraints = [*walls("survey", "contact", "message")]
        indexes = [models.Index(fields=["workspace", "contact"], name="invitation_contact")]

    def __str__(self) -> str:
        return f"{self.survey_id} for {self.contact_id}"
