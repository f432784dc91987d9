"""What the rooms below tell, as notices. Each in a savepoint: a failure here must not lose the fact."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.dispatch import receiver
from django.urls import reverse

from accounts.lists import spec
from accounts.lists.models import Export
from accounts.lists.signals import export_ended
from accounts.mail.models import MailConnection
from accounts.mail.signals import connection_broke
from accounts.notices import actions, recipients
from accounts.notices.actions import News
from accounts.notices.models import Kind
from accounts.slack.models import SlackConnection
from accounts.slack.signals import slack_broke
from accounts.tenancy.models import Workspace

# A mail about broken mail that leaves once it is mended is no help.
_NEWS_FOR = timedelta(hours=2)


@receiver(export_ended, dispatch_uid="notices.export_ended")
@transaction.atomic
def tell_of_the_file(sender: Any, workspace: Workspace, export: Export, now: datetime, **_more: Any) -> None:
    done = export.state == Export.State.DONE
    found = spec.find(export.list_name)
    of = found.nouns if found else export.list_name
    title = f"Your file of {of} is ready" if done else f"Your file of {of} was not written"
    text = f"{export.rows_done:,} rows, kept for a week." if done else export.error
    news = News(Kind.FILE_DONE, f"export:{export.pk}", title, reverse("exports", args=[workspace.slug]), text)
    actions.tell(workspace=workspace, members=[export.member], news=news, now=now)


@receiver(connection_broke, dispatch_uid="notices.connection_broke")
@transaction.atomic
def tell_of_broken_mail(
    sender: Any, workspace: Workspace, connection: MailConnection, words: str, now: datetime, **_more: Any
) -> None:
    text = f"{connection.shown} says: {words}\n\nMail waits here and goes out as soon as it works again."
    path = reverse("settings-mail", args=[workspace.slug])
    _tell_of_trouble(workspace, f"mail:{connection.pk}", "Your mail waits: its server takes none", path, text, now)


@receiver(slack_broke, dispatch_uid="notices.slack_broke")
@transaction.atomic
def tell_of_broken_slack(
    sender: Any, workspace: Workspace, connection: SlackConnection, words: str, now: datetime, **_more: Any
) -> None:
    path = reverse("settings-slack", args=[workspace.slug])
    _tell_of_trouble(workspace, f"slack:{connection.pk}", "Slack takes nothing from us any more", path, words, now)


def _tell_of_trouble(workspace: Workspace, what: str, title: str, path: str, text: str, now: datetime) -> None:
    # Once an hour at most: a server that comes and goes is one trouble.
    news = News(Kind.CONNECTION, f"{what}:broken:{now:%Y-%m-%dT%H}", title, path, text, expires_at=now + _NEWS_FOR)
    actions.tell(workspace=workspace, members=recipients.leaders(workspace), news=news, now=now)
