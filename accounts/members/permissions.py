"""Who may do what. One question: `can(member, Permission.REWARD_APPROVE)`."""

from enum import StrEnum

from accounts.members.models import Member, Role


class Permission(StrEnum):
    DASHBOARD_READ = "dashboard_read"
    SCORES_READ = "scores_read"  # scores and comments of single persons
    NOTE_WRITE = "note_write"
    ASK_SEND = "ask_send"
    CUSTOMER_WRITE = "customer_write"
    FEEDBACK_WRITE = "feedback_write"
    PROGRAM_WRITE = "program_write"
    REFERRAL_WRITE = "referral_write"
    REWARD_APPROVE = "reward_approve"
    LEDGER_READ = "ledger_read"
    TEAM_MANAGE = "team_manage"
    SETTINGS_MANAGE = "settings_manage"
    WORKSPACE_OWN = "workspace_own"  # take all of it along, suspend it, close it


_READ = {Permission.DASHBOARD_READ}
_CS = _READ | {
    Permission.SCORES_READ,
    Permission.NOTE_WRITE,
    Permission.ASK_SEND,
    Permission.CUSTOMER_WRITE,
    Permission.FEEDBACK_WRITE,
    Permission.REFERRAL_WRITE,
}
_ALL = set(Permission)

ROLE_PERMISSIONS: dict[str, set[Permission]] = {
    Role.OWNER: _ALL,
    Role.ADMIN: _ALL - {Permission.WORKSPACE_OWN},
    Role.MANAGER: _CS,
    Role.SALES: _READ | {Permission.SCORES_READ, Permission.NOTE_WRITE, Permission.REFERRAL_WRITE},
    Role.MARKETING: _READ | {Permission.PROGRAM_WRITE},
    Role.FINANCE: _READ | {Permission.REWARD_APPROVE, Permission.LEDGER_READ},
    Role.ANALYST: _READ | {Permission.SCORES_READ},
}


ROLE_SENTENCES: dict[str, str] = {
    Role.OWNER: "Everything; alone makes owners, exports all of it, suspends and closes.",
    Role.ADMIN: "Team, settings, rewards, customers: everything but what only owners may.",
    Role.MANAGER: "Looks after customers: reads what they said, asks, thanks, follows referrals.",
    Role.SALES: "Gets the introductions: reads what was said, moves referrals.",
    Role.MARKETING: "Writes programs, pages and texts; sees no scores of single people.",
    Role.FINANCE: "Approves and pays rewards and reads the books; sees no comments.",
    Role.ANALYST: "Reads, and changes nothing.",
}


def may_give(by: Member, role: str) -> bool:
    """Whether a member who manages the team may give or take this role: only owners make and unmake owners."""
    return role != Role.OWNER or by.role == Role.OWNER


def may_see_figures_of(viewer: Member, other: Member) -> bool:
    """Whether a member may see the figures of one person: their own, and managers everybody's, unless the workspace
    shows those of the team only, as the EU mode does."""
    if viewer.workspace.team_only_figures or viewer.workspace.eu_mode:
        return False
    return viewer.pk == other.pk or can(viewer, Permission.TEAM_MANAGE) or viewer.role == Role.MANAGER


def can(member: Member, permission: Permission) -> bool:
    """Whether the member may do this in the workspace they are a member of."""
    return member.is_active and permission in ROLE_PERMISSIONS[member.role]
