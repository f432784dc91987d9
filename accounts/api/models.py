"""Keys of the REST API, and the first answers to their idempotent requests."""

import hashlib
import secrets

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.tenancy.constraints import walls
from accounts.tenancy.models import TenantModel, same_workspace


class Scope(models.TextChoices):
    READ = "read", "Read everything"
    FEEDBACK_WRITE = "feedback:write", "Send responses and moments"
    CUSTOMERS_WRITE = "customers:write", "Change companies and people"
    REFERRALS_WRITE = "referrals:write", "Change asks, links and referrals"
    REWARDS_WRITE = "rewards:write", "Approve and fulfil rewards"
    ADMIN = "admin", "Everything"


class ApiKey(TenantModel):
    """A key belongs to one workspace, is shown once and stored as a hash."""

    prefix = "key"

    name = models.CharField(max_length=120)
    shown_start = models.CharField(max_length=12)
    key_hash = models.BinaryField(max_length=32)
    scopes = ArrayField(models.CharField(max_length=32, choices=Scope))
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_on = models.DateField(null=True, blank=True)
    created_by_id = models.UUIDField(null=True, blank=True)

    class Meta:
        default_related_name = "api_keys"
        constraints = [
            *walls(),
            # Global on purpose: the key is looked up before its workspace is known.
            models.UniqueConstraint(fields=["key_hash"], name="api_key_hash_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.shown_start}…)"

    def allows(self, scope: str) -> bool:
        return Scope.ADMIN in self.scopes or scope in self.scopes

    @staticmethod
    def new_secret() -> str:
        return "gw_" + secrets.token_urlsafe(32)

    @staticmethod
    def hash_of(secret: str) -> bytes:
        """SHA-256: the secret has 256 random bits, so a slow hash would protect nothing."""
        return hashlib.sha256(secret.encode()).digest()


class IdempotentAnswer(TenantModel):
    """The first 2xx answer to a POST with an Idempotency-Key, kept for 24 hours."""

    prefix = "idk"

    api_key = same_workspace("accounts.ApiKey")
    key = models.CharField(max_length=255)
    fingerprint = models.BinaryField(max_length=32)
    status = models.PositiveSmallIntegerField()
    body = models.JSONField(null=True)

    class Meta:
        default_related_name = "idempotent_answers"
        constraints = [
            *walls("api_key"),
            models.UniqueConstraint(fields=["workspace", "api_key", "key"], name="idempotency_key_once"),
            models.CheckConstraint(condition=Q(status__gte=200, status__lt=300), name="idempotent_answer_is_2xx"),
        ]
        indexes = [models.Index(fields=["workspace", "created_at"], name="idempotent_answer_purge")]

    def __str__(self) -> str:
        return self.key
