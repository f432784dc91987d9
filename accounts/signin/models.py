"""How the members of a workspace come in by their company's own sign-in."""

from django.db import models
from django.db.models import Q
from uuid_utils.compat import uuid7

from accounts.tenancy.constraints import walls
from accounts.tenancy.models import TenantModel, same_workspace


class SignOn(TenantModel):
    """The identity provider of one workspace. It speaks only for domains that the workspace has proven as its own."""

    prefix = "sso"

    class Kind(models.TextChoices):
        OIDC = "oidc", "OpenID Connect"
        SAML = "saml", "SAML"

    kind = models.CharField(max_length=8, choices=Kind)
    name = models.CharField(max_length=40)
    # OpenID Connect
    issuer = models.URLField(max_length=300, blank=True, default="")
    client_id = models.CharField(max_length=190, blank=True, default="")
    client_secret = models.BinaryField(blank=True, default=b"")  # sealed, see tenancy/secrets.py
    # SAML
    entity_id = models.CharField(max_length=300, blank=True, default="")
    sso_url = models.URLField(max_length=300, blank=True, default="")
    certificate = models.TextField(max_length=10_000, blank=True, default="")
    # Somebody came in with the settings as they are now.
    worked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_related_name = "sign_ons"
        constraints = [
            *walls(),
            models.UniqueConstraint(fields=["workspace"], name="sign_on_one_per_workspace"),
            models.CheckConstraint(
                condition=Q(kind="oidc", issuer__gt="", client_id__gt="")
                | Q(kind="saml", entity_id__gt="", sso_url__gt="", certificate__gt=""),
                name="sign_on_complete",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SignOnDomain(TenantModel):
    """A domain of e-mail addresses that the provider may speak for, from the moment its TXT record was seen."""

    prefix = "dom"

    sign_on = same_workspace("accounts.SignOn")
    domain = models.CharField(max_length=253)
    nonce = models.UUIDField(default=uuid7)
    proven_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_related_name = "sign_on_domains"
        constraints = [
            *walls("sign_on"),
            models.UniqueConstraint(fields=["workspace", "domain"], name="sign_on_domain_once_per_workspace"),
            # Global on purpose: the sign-in page looks a domain up before any workspace is known.
            models.UniqueConstraint(
                fields=["domain"], condition=Q(proven_at__isnull=False), name="sign_on_domain_proven_once"
            ),
        ]

    def __str__(self) -> str:
        return self.domain

    @property
    def record(self) -> str:
        """The text that the owner of the domain puts into its DNS."""
        return f"goodword-domain={self.nonce.hex}"
