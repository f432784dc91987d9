"""Joining and leaving a workspace."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from accounts.events import actions as events
from accounts.members import signals
from accounts.members.models import Member, MemberInvitation, Role, User
from accounts.tenancy.actor import Actor, ActorKind
from accounts.tenancy.errors import InvalidInput, Refusal
from accounts.tenancy.models import Workspace

INVITATION_LIFE = timedelta(days=14)


class InvitationNotOpen(Refusal):
    code = "invitation_not_open"


@transaction.atomic
def add(
    *, workspace: Workspace, user: User, role: str, by: Actor, now: datetime, name: str = "", timezone: str = ""
) -> Member:
    """Make the user a member. Raises InvalidInput if they already are."""
    if workspace.members.filter(user=user).exists():
        raise InvalidInput(f"{user.email} is already a member.", field="email")
    member = Member.objects.create(
        workspace=workspace,
        user=user,
        role=role,
        name=name or user.get_full_name() or user.email.split("@")[0].replace(".", " ").title(),
        email=user.email,
        timezone=timezone,
    )
    events.record(workspace_id=workspace.pk, type="member.joined", subject=member, by=by, now=now, data={"role": role})
    return member


@transaction.atomic
def invite(
    *, workspace: Workspace, email: str, role: str, invited_by: Member, now: datetime, name: str = ""
) -> MemberInvitation:
    """Offer a place; an open invitation of the same address is replaced. Raises InvalidInput for members."""
    email = email.strip().lower()
    if workspace.members.filter(email=email, is_active=True).exists():
        raise InvalidInput(f"{email} is already a member.", field="email")
    workspace.member_invitations.filter(email=email, accepted_at=None, revoked_at=None).update(revoked_at=now)
    invitation = MemberInvitation.objects.create(
        workspace=workspace,
        email=email,
        name=name,
        role=role,
        invited_by=invited_by,
        expires_at=now + INVITATION_LIFE,
    )
    by = Actor(ActorKind.MEMBER, invited_by.pk)
    data = {"email": email, "role": role}
    events.record(workspace_id=workspace.pk, type="member.invited", subject=invitation, by=by, now=now, data=data)
    return invitation


@transaction.atomic
def accept(*, invitation: MemberInvitation, user: User, now: datetime, name: str = "") -> Member:
    """Join by an invitation, once. Raises InvitationNotOpen."""
    invitation = MemberInvitation.objects.select_for_update().select_related("workspace").get(pk=invitation.pk)
    if invitation.accepted_at or invitation.revoked_at or invitation.expires_at <= now:
        raise InvitationNotOpen("This invitation is not open any more. Ask for a new one.")
    invitation.accepted_at = now
    invitation.save(update_fields=["accepted_at"])
    workspace, by = invitation.workspace, Actor(ActorKind.MEMBER, invitation.invited_by_id)
    former = workspace.members.filter(user=user, is_active=False).first()
    if former is not None:
        return _come_back(workspace=workspace, member=former, role=invitation.role, by=by, now=now)
    return add(workspace=workspace, user=user, role=invitation.role, name=name or invitation.name, by=by, now=now)


@transaction.atomic
def deactivate(*, workspace: Workspace, member: Member, by: Actor, now: datetime) -> Member:
    """Put a member out at their next request; nobody's deputy any more. API keys they made are the workspace's and go
    on working. Raises Refusal for the last owner."""
    member = _lock(workspace, member)
    if not member.is_active:
        return member
    _keep_an_owner(workspace, member)
    member.is_active = False
    member.save(update_fields=["is_active"])
    workspace.members.filter(deputy=member).update(deputy=None)
    events.record(workspace_id=workspace.pk, type="member.deactivated", subject=member, by=by, now=now)
    signals.member_deactivated.send_robust(sender=Member, workspace=workspace, member=member, by=by, now=now)
    return member


@transaction.atomic
def reactivate(*, workspace: Workspace, member: Member, by: Actor, now: datetime) -> Member:
    """Back on the team, in the role they had."""
    member = _lock(workspace, member)
    if member.is_active:
        return member
    return _come_back(workspace=workspace, member=member, role=member.role, by=by, now=now)


@transaction.atomic
def change_role(*, workspace: Workspace, member: Member, role: str, by: Actor, now: datetime) -> Member:
    """Give the member another role, effective at their next request. Raises Refusal for the last owner."""
    member = _lock(workspace, member)
    if member.role == role:
        return member
    _keep_an_owner(workspace, member)
    data = {"from": member.role, "to": role}
    member.role = role
    member.save(update_fields=["role"])
    events.record(workspace_id=workspace.pk, type="member.role_changed", subject=member, by=by, now=now, data=data)
    return member


@transaction.atomic
def change_profile(
    *, workspace: Workspace, member: Member, fields: Mapping[str, Any], by: Actor, now: datetime
) -> Member:
    """Name, title, zone and hours of work; the event names what changed, not to what."""
    member = workspace.members.select_for_update().get(pk=member.pk)
    changed = sorted(name for name, value in fields.items() if getattr(member, name) != value)
    if not changed:
        return member
    for name in changed:
        setattr(member, name, fields[name])
    member.save(update_fields=changed)
    data = {"fields": changed}
    events.record(workspace_id=workspace.pk, type="member.changed", subject=member, by=by, now=now, data=data)
    return member


def _lock(workspace: Workspace, member: Member) -> Member:
    """The member and every owner, always in the same order: two owners must not put each other out at once."""
    wanted = Q(pk=member.pk) | Q(role=Role.OWNER, is_active=True)
    locked = {one.pk: one for one in workspace.members.select_for_update().filter(wanted).order_by("pk")}
    return locked[member.pk]


def _keep_an_owner(workspace: Workspace, member: Member) -> None:
    if member.role != Role.OWNER or not member.is_active:
        return
    if not workspace.members.filter(role=Role.OWNER, is_active=True).exclude(pk=member.pk).exists():
        raise Refusal("A workspace needs an owner. Make somebody else owner first.", code="last_owner")


def _come_back(*, workspace: Workspace, member: Member, role: str, by: Actor, now: datetime) -> Member:
    member.is_active, member.role = True, role
    member.save(update_fields=["is_active", "role"])
    data = {"role": role}
    events.record(workspace_id=workspace.pk, type="member.reactivated", subject=member, by=by, now=now, data=data)
    return member
