"""What a member has not read yet."""

from django.db.models import Q

from accounts.members.models import Member
from accounts.notices.models import Channel, Notice
from accounts.tenancy.models import Workspace

MOST_SHOWN = 99


def unread_count(*, workspace: Workspace, member: Member) -> int:
    """How many notices wait for them here, at most 100."""
    return workspace.notices.filter(_unread(member)).order_by()[: MOST_SHOWN + 1].count()


def newest_unread(*, workspace: Workspace, member: Member) -> Notice | None:
    return workspace.notices.filter(_unread(member)).order_by("-created_at", "-pk").first()


def _unread(member: Member) -> Q:
    return Q(member=member, read_at=None, channels__contains=[Channel.IN_APP])
