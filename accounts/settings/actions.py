"""What an owner or admin sets: the workspace itself, and who works in it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction

from accounts.events import actions as events
from accounts.members import actions as members
from accounts.members import workspaces
from accounts.members.models import Member, MemberInvitation, User
from accounts.members.permissions import may_give
from accounts.settings import emails
from accounts.tenancy import logos
from accounts.tenancy.actor import Actor, ActorKind
from accounts.tenancy.errors import InvalidInput, Refusal
from accounts.tenancy.logos import Picture
from accounts.tenancy.models import Workspace

# The clock looks ahead for a working day: it must find one (referrals/asks/clock.py).
MOST_DAYS_OFF = 60


@transaction.atomic
def change_brand(
    *,
    workspace: Workspace,
    fields: Mapping[str, Any],
    picture: Picture | None,
    drop_logo: bool,
    by: Actor,
    now: datetime,
) -> Workspace:
    """Colour and tone, and another logo where there is a picture."""
    fields = dict(fields)
    if picture is not None or drop_logo:
        fields["logo"] = logos.keep(workspace=workspace, picture=picture)
    return workspaces.change(workspace=workspace, fields=fields, by=by, now=now)


@transaction.atomic
def add_day_off(*, workspace: Workspace, day: date, name: str, by: Actor, now: datetime) -> Workspace:
    """One more day on which nobody works. Raises InvalidInput for more days than a workspace may have."""
    workspace = Workspace.objects.select_for_update().get(pk=workspace.pk)
    days = {**workspace.own_days, day.isoformat(): name}
    if len(days) > MOST_DAYS_OFF:
        raise InvalidInput(
            f"{MOST_DAYS_OFF} days off are the most. Take old ones away first.", code="too_many_days", field="day"
        )
    return workspaces.change(workspace=workspace, fields={"own_days": dict(sorted(days.items()))}, by=by, now=now)


@transaction.atomic
def drop_day_off(*, workspace: Workspace, day: date, by: Actor, now: datetime) -> Workspace:
    """Work on this day again; one that is no day off stays as it is."""
    workspace = Workspace.objects.select_for_update().get(pk=workspace.pk)
    days = {one: name for one, name in workspace.own_days.items() if one != day.isoformat()}
    return workspaces.change(workspace=workspace, fields={"own_days": days}, by=by, now=now)


@transaction.atomic
def invite(*, workspace: Workspace, email: str, role: str, invited_by: Member, now: datetime) -> MemberInvitation:
    """Offer a place and mail the link. Raises InvalidInput for members, Refusal for a role they may not give."""
    _refuse_unless_may_give(invited_by, role)
    invitation = members.invite(workspace=workspace, email=email, role=role, invited_by=invited_by, now=now)
    emails.send_invitation(invitation=invitation, now=now)
    return invitation


@transaction.atomic
def revoke_invitation(
    *, workspace: Workspace, invitation: MemberInvitation, by: Actor, now: datetime
) -> MemberInvitation:
    """Take an offer back: its link says so. Raises Refusal once it was accepted."""
    invitation = workspace.member_invitations.select_for_update().get(pk=invitation.pk)
    if invitation.accepted_at:
        raise Refusal("They have joined already. Put them out in the list of members.", code="invitation_not_open")
    if invitation.revoked_at is None:
        invitation.revoked_at = now
        invitation.save(update_fields=["revoked_at"])
        events.record(workspace_id=workspace.pk, type="member.invitation_revoked", subject=invitation, by=by, now=now)
    return invitation


@transaction.atomic
def resend_invitation(
    *, workspace: Workspace, invitation: MemberInvitation, invited_by: Member, now: datetime
) -> MemberInvitation:
    """Mail a new link, open for two weeks from now; the old one closes. Raises Refusal once it was accepted."""
    invitation = workspace.member_invitations.select_for_update().get(pk=invitation.pk)
    if invitation.accepted_at or invitation.revoked_at:
        raise Refusal("This invitation is not open any more.", code="invitation_not_open")
    return invite(workspace=workspace, email=invitation.email, role=invitation.role, invited_by=invited_by, now=now)


@transaction.atomic
def deactivate(*, workspace: Workspace, member: Member, by_member: Member, now: datetime) -> Member:
    """Take somebody off the team. Raises Refusal for the last owner, and for owners unless by an owner."""
    _refuse_unless_may_give(by_member, member.role)
    return members.deactivate(workspace=workspace, member=member, by=_actor(by_member), now=now)


@transaction.atomic
def reactivate(*, workspace: Workspace, member: Member, by_member: Member, now: datetime) -> Member:
    """Take somebody back. Raises Refusal for owners unless by an owner."""
    _refuse_unless_may_give(by_member, member.role)
    return members.reactivate(workspace=workspace, member=member, by=_actor(by_member), now=now)


@transaction.atomic
def change_role(*, workspace: Workspace, member: Member, role: str, by_member: Member, now: datetime) -> Member:
    """Another role for somebody. Raises Refusal for the last owner, and where owners are meant unless by an owner."""
    _refuse_unless_may_give(by_member, member.role)
    _refuse_unless_may_give(by_member, role)
    return members.change_role(workspace=workspace, member=member, role=role, by=_actor(by_member), now=now)


def _actor(member: Member) -> Actor:
    return Actor(ActorKind.MEMBER, member.pk)


def _refuse_unless_may_give(by: Member, role: str) -> None:
    if not may_give(by, role):
        raise Refusal("Only an owner makes or unmakes owners.", code="owners_only", field="role")


@transaction.atomic
def join_as_new_user(*, invitation: MemberInvitation, name: str, password: str, now: datetime) -> Member:
    """Make the user of an invitation and join. The link came by mail, so the address counts as proven.

    Raises InvitationNotOpen.
    """
    user = User.objects.create_user(email=invitation.email, password=password)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return members.accept(invitation=invitation, user=user, now=now, name=name)
