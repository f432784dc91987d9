"""The tick of outage reports. Run twice or an hour late it does the same."""

from celery import shared_task

from accounts.tenancy.clock import database_now
from accounts.tenancy.queries import each_active_workspace
from referrals.outages import actions


@shared_task(name="outages.tick")
def tick(**_future: object) -> None:
    """Tell of the outages whose asks have come to an end."""
    for workspace in each_active_workspace():
        actions.report_settled(workspace=workspace, now=database_now())
