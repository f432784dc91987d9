"""Single sign-on as it is needed before a workspace is known, so through a definer function."""

from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db import connection

from accounts.members.models import User
from accounts.signin.models import SignOn
from accounts.tenancy import ids
from accounts.tenancy.models import Workspace
from accounts.tenancy.scope import workspace_scope

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def sign_on_of(workspace_public_id: str) -> tuple[SignOn, list[str]] | None:
    """The single sign-on of this workspace and the domains it has proven; None for none, and for a closed workspace.

    Providers know us by the workspace's public id: it is there before they are set up.
    """
    try:
        return _open(ids.decode(Workspace.prefix, workspace_public_id))
    except ids.BadId:
        return None


def sign_on_for(email: str) -> SignOn | None:
    """The single sign-on that speaks for this address, None where there is none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT workspace_of_sign_on_domain(%s)", [domain_of(email)])
        workspace_id = cursor.fetchone()[0]
    found = _open(workspace_id) if workspace_id else None
    return found[0] if found else None


def domain_of(email: str) -> str:
    """`acme.example` of `ana@acme.example`, in lower case; empty for what is no address."""
    return email.rpartition("@")[2].strip().lower() if "@" in email else ""


def proven_domains(workspace: Workspace) -> list[str]:
    """The domains whose members may, or must, come by single sign-on."""
    rows = workspace.sign_on_domains.filter(proven_at__isnull=False)
    return list(rows.order_by("domain").values_list("domain", flat=True))


def has_second_factor(user: User) -> bool:
    """An authenticator app or a passkey; recovery codes alone are none."""
    return Authenticator.objects.filter(user=user, type__in=FACTORS).exists()


def with_second_factor(user_ids: list[UUID]) -> set[UUID]:
    """Those of these users who have one."""
    found = Authenticator.objects.filter(user_id__in=user_ids, type__in=FACTORS)
    return set(found.values_list("user_id", flat=True))


def _open(workspace_id: UUID) -> tuple[SignOn, list[str]] | None:
    with workspace_scope(workspace_id):
        active = SignOn.objects.filter(workspace_id=workspace_id, workspace__state=Workspace.State.ACTIVE)
        sign_on = active.select_related("workspace").first()
        return (sign_on, proven_domains(sign_on.workspace)) if sign_on else None
