"""Who opened a link, where that is kept no longer."""

from datetime import datetime

from accounts.retention import registry
from accounts.tenancy.models import Workspace
from referrals.links.models import Visit


def forget_visitors(workspace: Workspace, before: datetime, most: int) -> int:
    """Forget which browser opened links before this; that they were opened still counts."""
    old = Visit.objects.filter(workspace=workspace, at__lt=before, visitor_id__isnull=False)
    keys = list(old.values_list("pk", flat=True)[:most])
    return Visit.objects.filter(workspace=workspace, pk__in=keys).update(visitor_id=None)


def register() -> None:
    """Called from AppConfig.ready()."""
    registry.add(registry.Rule("visitors_kept_days", "visitors", forget_visitors))
