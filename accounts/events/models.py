"""Facts that happened, in the past tense. They feed timelines, audit and webhooks; there is no second history."""

from django.db import models
from django.db.models.functions import Now

from accounts.tenancy.actor import ActorKind
from accounts.tenancy.constraints import walls
from accounts.tenancy.models import TenantModel


class Event(TenantModel):
    """One fact about one subject. Only ever added."""

    prefix = "evt"

    type = models.CharField(max_length=64)
    version = models.PositiveSmallIntegerField(default=1)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    actor_kind = models.CharField(max_length=16, choices=[(kind.value, kind.value) for kind in ActorKind])
    actor_id = models.UUIDField(null=True)
    subject_kind = models.CharField(max_length=32)
    subject_id = models.UUIDField()
    sequence = models.PositiveIntegerField()
    # A person's timeline also shows what happened to their asks, referrals and rewards.
    contact_id = models.UUIDField(null=True)
    company_id = models.UUIDField(null=True)
    data = models.JSONField(default=dict)

    class Meta:
        default_related_name = "events"
        constraints = [
            *walls(),
            models.UniqueConstraint(
                fields=["workspace", "subject_kind", "subject_id", "sequence"], name="event_sequence_per_subject"
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "contact_id", "occurred_at"], name="event_contact_timeline"),
            models.Index(fields=["workspace", "company_id", "occurred_at"], name="event_company_timeline"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.subject_kind} {self.subject_id}"
