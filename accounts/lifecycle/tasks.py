from celery import shared_task

from accounts.lifecycle import purging


# A large workspace takes its time; what is left goes on with the next tick.
@shared_task(name="lifecycle.tick", soft_time_limit=780, time_limit=840)
def tick(**_future: object) -> None:
    for workspace_id in purging.due():
        purging.purge(workspace_id)
