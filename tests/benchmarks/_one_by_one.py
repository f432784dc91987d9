"""What most products do: one Celery task for each mail, which reads it, hands it over and saves what became of it.

A Celery program of its own (`celery -A tests.benchmarks._one_by_one worker`), so that the product's has no such task.
"""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from celery import Celery
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils import timezone

app = Celery("one_by_one", broker=settings.REDIS_URL)
app.conf.update(task_default_queue="one_by_one", task_ignore_result=True)


@app.task(name="one_by_one.send")
def send(workspace_id: str, ask_id: str) -> None:
    """Send the mail of one ask, as plainly as it can be written."""
    from accounts.events import actions as events
    from accounts.tenancy.actor import SYSTEM
    from accounts.tenancy.scope import workspace_scope
    from referrals.asks.models import Ask

    with workspace_scope(workspace_id):
        ask = Ask.objects.select_related("message", "contact").get(pk=ask_id)
    mail = ask.message
    port = int(settings.EMAIL_URL.rpartition(":")[2])
    connection = get_connection("django.core.mail.backends.smtp.EmailBackend", host="127.0.0.1", port=port)
    EmailMessage(mail.subject, mail.body_text, mail.from_email, [mail.to_email], connection=connection).send()
    now = timezone.now()
    with workspace_scope(workspace_id):
        mail.state, mail.sent_at = "sent", now
        mail.save()
        ask.state, ask.sent_at = "sent", now
        ask.save()
        events.record(workspace_id=ask.workspace_id, type="ask.sent", subject=ask, by=SYSTEM, now=now)
