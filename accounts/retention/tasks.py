from celery import shared_task

from accounts.retention import actions
from accounts.tenancy.clock import database_now
from accounts.tenancy.models import Workspace


# Longer than a task usually may: the first night of an old workspace has years to forget.
@shared_task(name="retention.tick", soft_time_limit=780, time_limit=840)
def tick(**_future: object) -> None:
    """Also where a workspace is suspended: what is promised to be forgotten is forgotten."""
    for workspace_id in list(Workspace.objects.order_by("pk").values_list("pk", flat=True)):
        actions.apply(workspace_id=workspace_id, now=database_now())
