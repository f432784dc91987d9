"""Thank-yous owed, and said."""

from django.db import models
from django.db.models import Q

from accounts.tenancy.constraints import walls
from accounts.tenancy.models import TenantModel, same_workspace


class ThankYou(TenantModel):
    """One thank-you owed to one advocate for one step of one referral."""

    prefix = "thx"

    class Occasion(models.TextChoices):
        INTRODUCTION = "introduction", "For the introduction"
        MET = "met", "They met"
        WON = "won", "They became a customer"
        LOST = "lost", "It did not work out"
        SELF_REPORTED = "self_reported", "For having referred before"

    class State(models.TextChoices):
        OWED = "owed", "Owed"
        SENDING = "sending", "Sending"
        SENT = "sent", "Sent"
        UNCONFIRMED = "unconfirmed", "Unconfirmed"
        SKIPPED = "skipped", "Skipped"
        FAILED = "failed", "Failed"

    contact = same_workspace("accounts.Contact")
    referral = same_workspace("referrals.Referral", null=True, blank=True)
    # What it is for, once: "referral:<uuid>:won" or "response:<uuid>".
    source_key = models.CharField(max_length=120)
    occasion = models.CharField(max_length=16, choices=Occasion)
    state = models.CharField(max_length=16, choices=State, default=State.OWED)
    sender = same_workspace("accounts.Member", null=True, blank=True)
    subject = models.CharField(max_length=300)
    body = models.TextField()
    owed_since = models.DateTimeField()
    # One working day after the fact.
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    skip_reason = models.CharField(max_length=240, blank=True, default="")
    message = same_workspace("accounts.Message", null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        default_related_name = "thank_yous"
        constraints = [
            *walls("contact", "referral", "sender", "message"),
            models.UniqueConstraint(fields=["workspace", "source_key"], name="thank_you_once_per_source"),
            models.CheckConstraint(condition=~Q(state="sent") | Q(sent_at__isnull=False), name="thank_you_sent_at"),
        ]
        indexes = [
            models.Index(fields=["workspace", "due_at"], condition=Q(state="owed"), name="thank_you_owed"),
            models.Index(fields=["workspace", "contact"], name="thank_you_of_contact"),
        ]

    def __str__(self) -> str:
        return self.subject
