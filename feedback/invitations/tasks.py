"""The tick of survey invitations. Run twice or an hour late it does the same."""

from celery import shared_task

from accounts.tenancy.clock import database_now
from accounts.tenancy.queries import each_active_workspace
from feedback.invitations import rechecking


@shared_task(name="surveys.tick")
def tick(**_future: object) -> None:
    """Look again at every survey mail that is about to leave."""
    for workspace in each_active_workspace():
        rechecking.recheck_due(workspace=workspace, now=database_now())
