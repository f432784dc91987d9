"""Words of answers that are kept no longer."""

from datetime import datetime

from accounts.retention import registry
from accounts.tenancy.models import Workspace
from feedback.responses.models import Response


def forget_comments(workspace: Workspace, before: datetime, most: int) -> int:
    """Drop what people wrote before this; their scores stay."""
    old = workspace.responses.filter(responded_at__lt=before).exclude(comment="").values("pk")[:most]
    return Response.objects.filter(workspace=workspace, pk__in=list(old.values_list("pk", flat=True))).update(
        comment=""
    )


def register() -> None:
    """Called from AppConfig.ready()."""
    registry.add(registry.Rule("comments_kept_months", "comments", forget_comments))
