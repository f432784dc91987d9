"""Connecting Slack, and putting messages on their way. Everything here is a row; the dispatcher calls Slack."""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from kombu.exceptions import OperationalError as BrokerError
from uuid_utils.compat import uuid7

from accounts.events import actions as events
from accounts.members.models import Member
from accounts.slack import cards
from accounts.slack.cards import Card
from accounts.slack.models import SlackConnection, SlackPost
from accounts.tenancy import secrets, tokens
from accounts.tenancy.actor import Actor
from accounts.tenancy.models import Workspace

logger = logging.getLogger(__name__)

HOOK = "slack-hook"
# What is older is no news in a chat.
LASTS = timedelta(hours=24)
_TEST_LASTS = timedelta(minutes=10)
Method = SlackPost.Method


@transaction.atomic
def connect(
    *,
    workspace: Workspace,
    token: str,
    signing_secret: str,
    team: Mapping[str, Any],
    by: Actor,
    now: datetime,
) -> SlackConnection:
    """Keep the bot that Slack just vouched for; `team` is its answer to auth.test. Its secrets are sealed."""
    Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)
    connection = workspace.slack_connections.first() or SlackConnection(workspace=workspace, hook_nonce=0)
    if connection.team_id != str(team["team_id"]):
        # Ids of people and messages mean nothing in another team.
        workspace.slack_people.all().delete()
        _forget_waiting(workspace)
    connection.sealed_token, connection.sealed_signing_secret = secrets.encrypt(token), secrets.encrypt(signing_secret)
    connection.team_id = str(team["team_id"])[:32]
    connection.team_name, connection.bot_name = str(team.get("team", ""))[:120], str(team.get("user", ""))[:120]
    connection.state, connection.words, connection.paused_until = SlackConnection.State.WORKING, "", None
    # The address Slack calls stays while somebody only changes a secret: they have typed it over there.
    connection.hook_nonce = connection.hook_nonce or 1
    connection.save()
    data = {"team": connection.team_name, "bot": connection.bot_name}
    events.record(workspace_id=workspace.pk, type="slack.connected", subject=connection, by=by, now=now, data=data)
    return connection


@transaction.atomic
def disconnect(*, workspace: Workspace, by: Actor, now: datetime) -> bool:
    """Forget the bot and its secrets; what waited stays unsaid. False where there was none."""
    connection = workspace.slack_connections.select_for_update().first()
    if connection is None:
        return False
    _forget_waiting(workspace)
    workspace.slack_people.all().delete()
    data = {"team": connection.team_name}
    events.record(workspace_id=workspace.pk, type="slack.disconnected", subject=connection, by=by, now=now, data=data)
    connection.delete()
    return True


@transaction.atomic
def say_test(*, workspace: Workspace, member: Member, now: datetime) -> SlackPost:
    """Put a message to whoever asks on its way; what became of it stands in its row."""
    # Somebody who was not found yesterday may be there today.
    workspace.slack_people.filter(member=member, slack_id="").delete()
    url = settings.BASE_URL + reverse("notice-choices", args=[workspace.slug])
    card = cards.plain(title=f"A test from {workspace.name}", text="Notices reach you here.", url=url)
    return queue(
        workspace=workspace, key=f"test:{uuid7()}", member=member, card=card, due_at=now, expires_at=now + _TEST_LASTS
    )


def queue(
    *,
    workspace: Workspace,
    key: str,
    member: Member,
    card: Card,
    due_at: datetime,
    expires_at: datetime,
    subject: str = "",
) -> SlackPost:
    """Store one message to a member, once per `key`; the existing one is returned on a repeat."""
    return _keep(
        workspace, key, member, Method.POST, card.content, due_at=due_at, expires_at=expires_at, subject=subject
    )


def change(*, post: SlackPost, key: str, card: Card, now: datetime) -> SlackPost | None:
    """Let a message say what is true now. One that has not left yet is taken back instead; None then."""
    workspace = post.workspace
    if workspace.slack_posts.filter(pk=post.pk, state=SlackPost.State.QUEUED).update(state=SlackPost.State.CANCELLED):
        return None
    if not card.open:
        workspace.slack_posts.filter(pk=post.pk).update(closed_at=now)
    return _keep(workspace, key, post.member, Method.UPDATE, card.content, of=post, due_at=now, expires_at=now + LASTS)


def whisper(*, post: SlackPost, key: str, words: str, now: datetime) -> SlackPost:
    """Say something below a message that only whoever pressed its button reads."""
    content = {"text": words}
    return _keep(
        post.workspace, key, post.member, Method.WHISPER, content, of=post, due_at=now, expires_at=now + _TEST_LASTS
    )


def open_window(
    *, post: SlackPost, key: str, trigger: str, window: Mapping[str, Any], now: datetime, valid: timedelta
) -> SlackPost:
    """Open a window before whoever pressed a button. Slack takes the trigger for three seconds."""
    content = {"trigger_id": trigger, "view": dict(window)}
    return _keep(post.workspace, key, post.member, Method.OPEN, content, of=post, due_at=now, expires_at=now + valid)


def take_back(*, workspace: Workspace, keys: list[str]) -> int:
    """What has not left yet need not be said any more; how many."""
    waiting = workspace.slack_posts.filter(key__in=keys, state=SlackPost.State.QUEUED)
    return waiting.update(state=SlackPost.State.CANCELLED)


def hook_url(connection: SlackConnection) -> str:
    """Where Slack tells of pressed buttons, in full."""
    token = tokens.make(
        HOOK, workspace_id=connection.workspace_id, object_id=connection.pk, nonce=connection.hook_nonce
    )
    return settings.BASE_URL + reverse("slack-hook", args=[token])


def forget_old(*, workspace: Workspace, now: datetime) -> int:
    """Delete calls that could not be repeated any more, and messages that nobody asks for; how many."""
    calls = workspace.slack_calls.filter(created_at__lt=now - timedelta(hours=1)).delete()[0]
    old = workspace.slack_posts.filter(created_at__lt=now - timedelta(days=30))
    return calls + old.exclude(of=None).delete()[0] + old.filter(changes=None).delete()[0]


def _keep(
    workspace: Workspace,
    key: str,
    member: Member,
    method: str,
    content: Mapping[str, Any],
    *,
    due_at: datetime,
    expires_at: datetime,
    subject: str = "",
    of: SlackPost | None = None,
) -> SlackPost:
    post, created = SlackPost.objects.get_or_create(
        workspace=workspace,
        key=key,
        defaults={
            "member": member,
            "method": method,
            "content": dict(content),
            "subject": subject,
            "of": of,
            "due_at": due_at,
            "expires_at": expires_at,
        },
    )
    # Somebody sits before Slack and waits; a notice may wait for the tick.
    if created and of is not None:
        transaction.on_commit(partial(_wake_up, workspace.pk))
    return post


def _wake_up(workspace_id: UUID) -> None:
    from accounts.slack import tasks  # noqa: PLC0415 -- tasks and actions call each other

    try:
        tasks.say.apply_async(kwargs={"workspace_id": str(workspace_id)}, retry=False)
    except (BrokerError, OSError):
        logger.exception("No wake-up for Slack of workspace %s; the next tick finds it.", workspace_id)


def _forget_waiting(workspace: Workspace) -> None:
    open_ = workspace.slack_posts.filter(state__in=[SlackPost.State.QUEUED, SlackPost.State.SENDING])
    open_.update(state=SlackPost.State.CANCELLED, lease_until=None, error="Slack was disconnected.")
