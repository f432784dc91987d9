"""Letting in whom a company's own sign-in vouches for: members and invited people, nobody else."""

from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import transaction

from accounts.members import actions as members
from accounts.members.models import Member, User
from accounts.signin.errors import NotAdmitted
from accounts.signin.models import SignOn
from accounts.signin.queries import domain_of, proven_domains
from accounts.tenancy.scope import workspace_scope


def admit(*, sign_on: SignOn, email: str, name: str, now: datetime) -> User:
    """The user that this address belongs to in the workspace of the sign-on; an open invitation is accepted.

    The company has proven that the domain is its own, so its word for an address counts as proof of the address.
    Raises NotAdmitted.
    """
    email = email.strip().lower()
    with workspace_scope(sign_on.workspace_id):
        if domain_of(email) not in proven_domains(sign_on.workspace):
            raise NotAdmitted(f"{sign_on.name} may not speak for {email or 'somebody without an address'}.")
        user = _member(sign_on, email) or _invited(sign_on, email, name, now)
        SignOn.objects.filter(pk=sign_on.pk).update(worked_at=now)
        return user


def _member(sign_on: SignOn, email: str) -> User | None:
    found = sign_on.workspace.members.filter(user__email=email, is_active=True).select_related("user").first()
    if found is None:
        return None
    _prove(found.user)
    return found.user


@transaction.atomic
def _invited(sign_on: SignOn, email: str, name: str, now: datetime) -> User:
    workspace = sign_on.workspace
    invitation = workspace.member_invitations.filter(email=email, accepted_at=None, revoked_at=None).first()
    if invitation is None or invitation.expires_at <= now:
        raise NotAdmitted(
            f"{email} is not on the team of {workspace.name}. An owner or admin there can send you an invitation."
        )
    user = User.objects.filter(email=email).first() or User.objects.create_user(email)
    _prove(user)
    member: Member = members.accept(invitation=invitation, user=user, now=now, name=invitation.name or name)
    return member.user


def _prove(user: User) -> None:
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True}, create_defaults={"verified": True, "primary": True}
    )
