"""Celery says "something is due". The truth is rows in PostgreSQL, so a lost or doubled wake-up does no harm."""

import os

from celery import Celery
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

VISIBILITY_TIMEOUT_S = 900

app = Celery("goodword")
app.conf.update(
    broker_url=settings.REDIS_URL,
    # All three, else the shortest of the apps on this broker wins.
    visibility_timeout=VISIBILITY_TIMEOUT_S,
    result_backend_transport_options={"visibility_timeout": VISIBILITY_TIMEOUT_S},
    # By default a dead worker's tasks come back only after 100 s more.
    broker_transport_options={
        "visibility_timeout": VISIBILITY_TIMEOUT_S,
        "unacked_restore_interval": 10,
        "unacked_restore_throttle": 1,
        # Without them a wake-up waits for ever for a broker that is down, and the request with it.
        "max_retries": 1,
        "interval_start": 0,
        "interval_step": 0.2,
        "interval_max": 0.2,
        "socket_connect_timeout": 2,
        # A broker that is frozen, or gone without a word, would hold a publish, and with it a request, for ever, and
        # keep the worker from ever noticing. Longer than the second for which a worker listens at a time.
        "socket_timeout": 10,
    },
    # By default a worker gives up for good after a hundred tries.
    broker_connection_max_retries=None,
    broker_connection_retry_on_startup=True,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    # Said here because the two above need it: what failed or ran out of time is over, the next tick does it again.
    task_acks_on_failure_or_timeout=True,
    task_ignore_result=True,
    task_time_limit=300,
    task_soft_time_limit=240,
    task_serializer="json",
    accept_content=["json"],
    worker_prefetch_multiplier=1,
    worker_max_tasks_per_child=1000,
    # Less than the 20 s the supervisor of `make run` waits, and a fourth of docker-compose.yml's grace.
    worker_soft_shutdown_timeout=15,
    # A tick that lost its broker goes on: it is redelivered, and finds nothing to do. Cancelled, it would leave mail in
    # doubt.
    worker_cancel_long_running_tasks_on_connection_loss=False,
    timezone="UTC",
    task_default_queue="default",
    # By name prefix, few, each so that something slow cannot hold up something that must be prompt.
    task_routes={
        "asks.*": {"queue": "asks"},
        # The 24-hour promise does not wait behind a campaign.
        "mail.send_asks": {"queue": "asks"},
        "mail.*": {"queue": "mail"},
        # Somebody sits before Slack and waits for three seconds.
        "slack.say": {"queue": "asks"},
        "slack.*": {"queue": "mail"},
        "chat.*": {"queue": "mail"},
        "notices.*": {"queue": "mail"},
        "rewards.*": {"queue": "money"},
        "imports.*": {"queue": "bulk"},
        "insights.*": {"queue": "bulk"},
        "feedback.*": {"queue": "bulk"},
        "lists.*": {"queue": "bulk"},
        "retention.*": {"queue": "bulk"},
        "archives.*": {"queue": "bulk"},
        "lifecycle.*": {"queue": "bulk"},
    },
    # Ticks carry no meaning: two beats, or none for an hour, change nothing but the delay.
    beat_schedule={
        "surveys": {"task": "surveys.tick", "schedule": 30.0},
        "mail": {"task": "mail.tick", "schedule": 2.0},
        "asks": {"task": "asks.tick", "schedule": 30.0},
        "slack": {"task": "slack.tick", "schedule": 5.0},
        "slack_calls": {"task": "slack.housekeeping", "schedule": 3600.0},
        "old_notices": {"task": "notices.housekeeping", "schedule": 86400.0},
        "chat": {"task": "chat.tick", "schedule": 15.0},
        "insights": {"task": "insights.tick", "schedule": 300.0},
        "notices": {"task": "notices.tick", "schedule": 60.0},
        "rewards": {"task": "rewards.tick", "schedule": 300.0},
        "thanks": {"task": "thanks.tick", "schedule": 60.0},
        "outages": {"task": "outages.tick", "schedule": 60.0},
        "retention": {"task": "retention.tick", "schedule": 10800.0},
        "archives": {"task": "archives.tick", "schedule": 30.0},
        "lifecycle": {"task": "lifecycle.tick", "schedule": 3600.0},
        "experts": {"task": "feedback.tick", "schedule": 86400.0},
        "lists": {"task": "lists.tick", "schedule": 30.0},
        "imports": {"task": "imports.tick", "schedule": 15.0},
        "import_files": {"task": "imports.housekeeping", "schedule": 3600.0},
        "housekeeping": {"task": "accounts.tick", "schedule": 3600.0},
    },
)
# By its name: models can be loaded only once Django is set up, which the worker does for itself.
app.steps["worker"].add("accounts.workers.watchdog:Watchdog")
# Celery does not look into rooms by itself.
app.autodiscover_tasks(
    [
        "accounts.mail",
        "accounts.slack",
        "accounts.notices",
        "accounts.imports",
        "accounts.api",
        "accounts.workers",
        "accounts.lists",
        "rewards.grants",
        "referrals.asks",
        "referrals.outages",
        "accounts.retention",
        "accounts.archives",
        "accounts.lifecycle",
        "feedback.experts",
        "feedback.invitations",
        "referrals.thanks",
        "referrals.chat",
        "referrals.insights",
    ]
)
