from celery import shared_task

from accounts.tenancy.clock import database_now
from accounts.tenancy.queries import each_active_workspace
from referrals.thanks import notices, occasions


@shared_task(name="thanks.tick")
def tick(**_future: object) -> None:
    for workspace in each_active_workspace():
        now = database_now()
        occasions.owe_for_self_reports(workspace=workspace, now=now)
        occasions.settle_left(workspace=workspace, now=now)
        notices.tell_of_late_ones(workspace=workspace, now=now)
