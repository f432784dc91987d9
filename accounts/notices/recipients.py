"""Who is told: whoever looks after it, their deputy while they are away, else those who run the workspace."""

from collections.abc import Iterable
from datetime import datetime

from accounts.members.models import Member, Role
from accounts.members.permissions import ROLE_PERMISSIONS, Permission
from accounts.tenancy.models import Workspace


def instead_of(member: Member | None, *, workspace: Workspace, now: datetime) -> Member | None:
    """The member, or their deputy while they are away; None where neither is on the team. Reads `member.deputy`."""
    if member is None:
        return None
    deputy = member.deputy
    away = not member.is_active or _is_away(member, workspace, now)
    if away and deputy is not None and deputy.is_active and not _is_away(deputy, workspace, now):
        return deputy
    return member if member.is_active else None


def by_address(workspace: Workspace, email: str) -> Member | None:
    """The active member with this address."""
    return workspace.members.filter(email=email.strip().lower(), is_active=True).first() if email else None


def leaders(workspace: Workspace) -> list[Member]:
    """Owners and admins."""
    return of_roles(workspace, [Role.OWNER, Role.ADMIN])


def approvers(workspace: Workspace) -> list[Member]:
    """Finance; where there is nobody, everybody who may approve."""
    able = [role for role, permissions in ROLE_PERMISSIONS.items() if Permission.REWARD_APPROVE in permissions]
    return of_roles(workspace, [Role.FINANCE]) or of_roles(workspace, able)


def of_roles(workspace: Workspace, roles: Iterable[str]) -> list[Member]:
    return list(workspace.members.filter(is_active=True, role__in=list(roles)).order_by("pk"))


def _is_away(member: Member, workspace: Workspace, now: datetime) -> bool:
    member.workspace = workspace
    return member.is_away_on(member.today(now))
