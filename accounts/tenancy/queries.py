"""Walking from workspace to workspace."""

from collections.abc import Iterator

from accounts.tenancy.models import Workspace
from accounts.tenancy.scope import workspace_scope


def each_active_workspace() -> Iterator[Workspace]:
    """Every active workspace in turn, each inside a scope and transaction of its own."""
    for workspace in Workspace.objects.filter(state=Workspace.State.ACTIVE).order_by("pk"):
        with workspace_scope(workspace.pk):
            yield workspace
