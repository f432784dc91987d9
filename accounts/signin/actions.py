"""What an owner or admin decides about signing in to their workspace."""

import re
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from accounts.events import actions as events
from accounts.members import workspaces
from accounts.signin.errors import DomainNotProven
from accounts.signin.models import SignOn, SignOnDomain
from accounts.tenancy import secrets
from accounts.tenancy.actor import Actor
from accounts.tenancy.errors import InvalidInput, Refusal
from accounts.tenancy.models import Workspace

_DOMAIN = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])")


@transaction.atomic
def set_sign_on(*, workspace: Workspace, fields: Mapping[str, Any], by: Actor, now: datetime) -> SignOn:
    """Keep how the company signs in. `fields` are those of the model, with `client_secret` in the clear; an empty one
    leaves the secret as it is. New settings have to work once before they can be required."""
    workspace = Workspace.objects.select_for_update().get(pk=workspace.pk)
    sign_on = workspace.sign_ons.first() or SignOn(workspace=workspace)
    before = _settings(sign_on)
    for name, value in fields.items():
        if name != "client_secret":
            setattr(sign_on, name, value)
    if fields.get("client_secret"):
        sign_on.client_secret = secrets.encrypt(fields["client_secret"])
    if _settings(sign_on) != before:
        sign_on.worked_at = None
        _no_longer_required(workspace)
    sign_on.save()
    data = {"kind": sign_on.kind, "name": sign_on.name}
    events.record(workspace_id=workspace.pk, type="sign_on.changed", subject=sign_on, by=by, now=now, data=data)
    return sign_on


@transaction.atomic
def remove_sign_on(*, workspace: Workspace, by: Actor, now: datetime) -> None:
    """Back to passwords, codes and passkeys. Whoever came by it has to sign in again where it was required."""
    workspace = Workspace.objects.select_for_update().get(pk=workspace.pk)
    sign_on = workspace.sign_ons.first()
    if sign_on is None:
        return
    _no_longer_required(workspace)
    events.record(workspace_id=workspace.pk, type="sign_on.removed", subject=sign_on, by=by, now=now)
    workspace.sign_on_domains.all().delete()
    sign_on.delete()


@transaction.atomic
def add_domain(*, workspace: Workspace, domain: str, by: Actor, now: datetime) -> SignOnDomain:
    """A domain that the provider shall speak for, once it is proven. Raises InvalidInput, Refusal."""
    domain = domain.strip().lower().removeprefix("@").removesuffix(".")
    if not _DOMAIN.fullmatch(domain):
        raise InvalidInput("Write the part after the @, such as acme.com.", field="domain")
    sign_on = workspace.sign_ons.first()
    if sign_on is None:
        raise Refusal("First say how your company signs in.", code="no_sign_on")
    found, made = workspace.sign_on_domains.get_or_create(domain=domain, defaults={"sign_on": sign_on})
    if made:
        data = {"domain": domain}
        events.record(workspace_id=workspace.pk, type="sign_on.domain_added", subject=found, by=by, now=now, data=data)
    return found


@transaction.atomic
def prove_domain(
    *, workspace: Workspace, domain: SignOnDomain, records: Collection[str], by: Actor, now: datetime
) -> SignOnDomain:
    """Take the domain as the company's own if its DNS says so. Raises DomainNotProven."""
    domain = workspace.sign_on_domains.select_for_update().get(pk=domain.pk)
    if domain.record not in records:
        raise DomainNotProven(f"The record is not there yet. {domain.domain} may take an hour until everybody sees it.")
    if domain.proven_at is None:
        domain.proven_at = now
        try:
            with transaction.atomic():
                domain.save(update_fields=["proven_at"])
        except IntegrityError as error:
            raise DomainNotProven("Another workspace has proven this domain already.") from error
        data = {"domain": domain.domain}
        events.record(
            workspace_id=workspace.pk, type="sign_on.domain_proven", subject=domain, by=by, now=now, data=data
        )
    return domain


@transaction.atomic
def remove_domain(*, workspace: Workspace, domain: SignOnDomain, by: Actor, now: datetime) -> None:
    """The provider no longer speaks for this domain."""
    data = {"domain": domain.domain}
    events.record(workspace_id=workspace.pk, type="sign_on.domain_removed", subject=domain, by=by, now=now, data=data)
    domain.delete()


@transaction.atomic
def set_rules(*, workspace: Workspace, fields: Mapping[str, Any], by: Actor, now: datetime) -> Workspace:
    """`second_factor_roles`, `sign_on_required`, `team_only_figures`. Raises InvalidInput for a sign-on that nobody has
    come by yet: it would lock the team out."""
    workspace = Workspace.objects.select_for_update().get(pk=workspace.pk)
    if fields.get("sign_on_required") and not workspace.sign_on_required and not _is_ready(workspace):
        raise InvalidInput(
            "First prove a domain and come in by it once yourself, so that nobody is locked out.",
            field="sign_on_required",
        )
    return workspaces.change(workspace=workspace, fields=fields, by=by, now=now)


def _settings(sign_on: SignOn) -> tuple[Any, ...]:
    return (
        sign_on.kind,
        sign_on.issuer,
        sign_on.client_id,
        bytes(sign_on.client_secret),
        sign_on.entity_id,
        sign_on.sso_url,
        sign_on.certificate,
    )


def _no_longer_required(workspace: Workspace) -> None:
    if workspace.sign_on_required:
        workspace.sign_on_required = False
        workspace.save(update_fields=["sign_on_required"])


def _is_ready(workspace: Workspace) -> bool:
    domains = workspace.sign_on_domains.filter(proven_at__isnull=False, sign_on__worked_at__isnull=False)
    return domains.exists()
