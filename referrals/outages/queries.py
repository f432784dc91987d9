"""Reports that somebody should still read."""

from accounts.tenancy.models import Workspace
from referrals.outages.models import OutageReport

_MOST = 3


def unread(workspace: Workspace) -> list[OutageReport]:
    """What was told and not dismissed, the latest first. One statement."""
    rows = workspace.outage_reports.filter(reported_at__isnull=False, dismissed_at=None)
    return list(rows.select_related("workspace").order_by("-ended_at", "-pk")[:_MOST])
