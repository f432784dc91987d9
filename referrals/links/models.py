"""One contact's unique link in one program, and who opened it."""

from django.db import models
from django.db.models.functions import Now
from uuid_utils.compat import uuid7

from accounts.tenancy.constraints import walls
from accounts.tenancy.models import TenantModel, UuidV7, same_workspace


class Link(TenantModel):
    """`/r/<code>` is what the friend sees, `/a/<token>` what the contact sees."""

    prefix = "lnk"

    contact = same_workspace("accounts.Contact")
    program = same_workspace("referrals.Program")
    code = models.CharField(max_length=40)
    # Changing it retires the advocate page's address.
    nonce = models.UUIDField(default=uuid7)
    # Grows with every change of what the landing page may show: pages are rendered once per version.
    version = models.PositiveIntegerField(default=1)
    # The name is hidden after a low answer until the owner confirms it.
    name_hidden = models.BooleanField(default=False)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_related_name = "links"
        constraints = [
            *walls("contact", "program"),
            models.UniqueConstraint(fields=["workspace", "contact", "program"], name="link_once_per_program"),
            # Global on purpose: the code is looked up before its workspace is known.
            models.UniqueConstraint(fields=["code"], name="link_code_once"),
        ]

    def __str__(self) -> str:
        return self.code


class Visit(models.Model):
    """One opening of a link, by a person or a machine. No foreign keys: it is written in one statement (see ADR 4)."""

    id = models.UUIDField(primary_key=True, default=uuid7, db_default=UuidV7(), editable=False)
    workspace = models.ForeignKey(
        "accounts.Workspace",
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="visits",
    )
    link = models.ForeignKey(
        "referrals.Link", on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="visits"
    )
    visitor_id = models.UUIDField(null=True)
    is_bot = models.BooleanField(default=False)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [walls()[0]]
        indexes = [models.Index(fields=["workspace", "link", "at"], name="visit_of_link")]

    def __str__(self) -> str:
        return f"visit of {self.link_id}"
