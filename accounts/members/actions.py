"""Joining and leaving a workspace."""

from datetime import datetime, timedelta

from django.db import transaction

from accounts.events import actions as events
from accounts.members import signals
from accounts.members.models import Member, MemberInvitation, User
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
    return add(
        workspace=invitation.workspace,
        user=user,
        role=invitation.role,
        name=name or invitation.name,
        by=Actor(ActorKind.MEMBER, invitation.invited_by_id),
        now=now,
    )


@transaction.atomic
def deactivate(*, workspace: Workspace, member: Member, by: Actor, now: datetime) -> Member:
    """Put a member out at their next request. Raises Refusal for the last owner."""
    member = workspace.members.select_for_update().get(pk=member.pk)
    others = workspace.members.filter(role="owner", is_active=True).exclude(pk=member.pk)
    if member.role == "owner" and not others.exists():
        raise Refusal("A workspace needs an owner. Make somebody else owner first.", code="last_owner")
    member.is_active = False
    member.save(update_fields=["is_active"])
    events.record(workspace_id=workspace.pk, type="member.deactivated", subject=member, by=by, now=now)
    signals.member_deactivated.send_robust(sender=Member, workspace=workspace, member=member, by=by, now=now)
    return member
