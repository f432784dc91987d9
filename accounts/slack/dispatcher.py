"""The one place calls to Slack leave from: claim, commit, call outside any transaction, record.

At most once for messages: what cannot be proven is `unconfirmed` and not repeated, the notice itself is in Goodword. A
change of a message may be made twice.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection as database
from django.db.models import F
from django.db.models.functions import Now

from accounts.slack import client, signals
from accounts.slack.client import Answer
from accounts.slack.models import SlackConnection, SlackPerson, SlackPost
from accounts.tenancy import outgoing, secrets
from accounts.tenancy.clock import database_now
from accounts.tenancy.models import Workspace
from accounts.tenancy.scope import workspace_scope

State, Method = SlackPost.State, SlackPost.Method

BATCH = 20
# Longer than a batch with a Slack that takes its time.
LEASE = timedelta(minutes=10)
_FIRST, _LONGEST = timedelta(seconds=10), timedelta(minutes=30)
# Slack knew nobody by this address: they may have been invited since.
_LOOK_AGAIN_AFTER = timedelta(days=1)
# A repeat does no harm.
_REPEATABLE = (Method.UPDATE,)
_NOBODY = "Slack knows nobody with this member's address."


@dataclass(frozen=True, slots=True)
class _Bot:
    connection: SlackConnection
    token: str


def workspaces_with_due_posts() -> list[UUID]:
    """Where something is to be said in Slack now, the longest waiting first."""
    with database.cursor() as cursor:
        cursor.execute("SELECT workspaces_with_due_slack_posts()")
        return [row[0] for row in cursor.fetchall()]


def dispatch(workspace_id: UUID, *, limit: int = BATCH) -> int:
    """Say what is due in one workspace; gives how many calls were tried. Raises RuntimeError inside a transaction."""
    outgoing.refuse_inside_transaction()
    # A workspace that rests says nothing.
    workspace = Workspace.objects.filter(pk=workspace_id, state=Workspace.State.ACTIVE).first()
    if workspace is None:
        return 0
    bot, claimed = _claim(workspace, limit)
    for position, post in enumerate(claimed):
        if bot is None or not _say(workspace, bot, post):
            _give_back(workspace, claimed[position + 1 :])
            return position + 1
    return len(claimed)


def _claim(workspace: Workspace, limit: int) -> tuple[_Bot | None, list[SlackPost]]:
    """The bot and what it shall say, in a transaction of its own; from its commit on each may have been said."""
    with workspace_scope(workspace.pk):
        _settle_leases(workspace)
        queued = workspace.slack_posts.filter(state=State.QUEUED, due_at__lte=Now())
        over = queued.filter(expires_at__lte=Now())
        over.update(state=State.CANCELLED, error="It could not be said in time.")
        bot = _bot(workspace)
        if bot is None:
            return None, []
        rows = queued.select_related("member", "of").select_for_update(of=("self",), skip_locked=True)
        if bot.connection.paused_until and bot.connection.paused_until > database_now():
            # A window before somebody's eyes does not wait for messages that came too fast.
            rows = rows.filter(method=Method.OPEN)
        claimed = list(rows.order_by("due_at", "pk")[:limit])
        workspace.slack_posts.filter(pk__in=[post.pk for post in claimed]).update(
            state=State.SENDING, attempts=F("attempts") + 1, lease_until=Now() + LEASE
        )
    for post in claimed:
        post.attempts += 1
    return bot, claimed


def _bot(workspace: Workspace) -> _Bot | None:
    connection = workspace.slack_connections.filter(state=SlackConnection.State.WORKING).first()
    if connection is None:
        return None
    try:
        return _Bot(connection, secrets.decrypt(connection.sealed_token))
    except secrets.Unreadable as error:
        _break(workspace, connection, str(error))
        return None


def _settle_leases(workspace: Workspace) -> None:
    """A worker died in the middle: whether a message was said nobody knows, a change is made once more."""
    lost = workspace.slack_posts.filter(state=State.SENDING, lease_until__lte=Now())
    lost.filter(method__in=_REPEATABLE).update(state=State.QUEUED, lease_until=None)
    lost.update(state=State.UNCONFIRMED, lease_until=None, error="The worker died before Slack answered.")


def _give_back(workspace: Workspace, posts: list[SlackPost]) -> None:
    if posts:
        with workspace_scope(workspace.pk):
            ours = workspace.slack_posts.filter(pk__in=[post.pk for post in posts], state=State.SENDING)
            ours.update(state=State.QUEUED, attempts=F("attempts") - 1, lease_until=None)


def _say(workspace: Workspace, bot: _Bot, post: SlackPost) -> bool:
    """One call and its outcome; False where Slack wants to hear no more for now."""
    person = _person(workspace, post)
    if person is None:
        found = client.call(token=bot.token, method="users.lookupByEmail", arguments={"email": post.member.email})
        if not found.ok and found.error != "users_not_found":
            return _record(workspace, bot, post, found)
        person = _note_person(workspace, post, found)
    if not person.slack_id:
        return _record(workspace, bot, post, Answer(ok=False, error="users_not_found", words=_NOBODY))
    if post.method in (Method.UPDATE, Method.WHISPER) and not (post.of and post.of.ts):
        return _wait_for_the_message(workspace, bot, post)
    answer = client.call(token=bot.token, method=post.method, arguments=_arguments(post, person))
    return _record(workspace, bot, post, answer)


def _person(workspace: Workspace, post: SlackPost) -> SlackPerson | None:
    with workspace_scope(workspace.pk):
        person = workspace.slack_people.filter(member_id=post.member_id, email=post.member.email).first()
        if person and not person.slack_id and person.looked_up_at < database_now() - _LOOK_AGAIN_AFTER:
            return None
        return person


def _note_person(workspace: Workspace, post: SlackPost, found: Answer) -> SlackPerson:
    slack_id = str((found.data.get("user") or {}).get("id", ""))[:32] if found.ok else ""
    with workspace_scope(workspace.pk):
        # One person of Slack is one member: whoever has the address now.
        workspace.slack_people.filter(slack_id=slack_id).exclude(slack_id="").exclude(member=post.member).delete()
        values = {"email": post.member.email, "slack_id": slack_id, "looked_up_at": database_now()}
        return SlackPerson.objects.update_or_create(workspace=workspace, member=post.member, defaults=values)[0]


def _arguments(post: SlackPost, person: SlackPerson) -> dict[str, Any]:
    if post.method == Method.POST:
        return {"channel": person.slack_id, **post.content}
    if post.method == Method.OPEN or post.of is None:
        return dict(post.content)
    where = {"channel": post.of.channel, **post.content}
    return where | ({"ts": post.of.ts} if post.method == Method.UPDATE else {"user": person.slack_id})


def _wait_for_the_message(workspace: Workspace, bot: _Bot, post: SlackPost) -> bool:
    """A change of a message whose own outcome is not known yet, or never will be."""
    under_way = post.of is not None and post.of.state in (State.QUEUED, State.SENDING)
    words = "The message it changes was never said."
    return _record(workspace, bot, post, Answer(ok=False, error="no_message", words=words, later=under_way))


def _record(workspace: Workspace, bot: _Bot, post: SlackPost, answer: Answer) -> bool:
    """Write down what came of one call. False where the rest of the batch had better wait."""
    with workspace_scope(workspace.pk):
        now = database_now()
        changes: dict[str, Any] = {"lease_until": None, "error": answer.words[:300]}
        if answer.ok:
            changes |= {"state": State.SENT, "sent_at": now, "error": "", **_place(answer)}
        elif answer.broken or answer.later or (answer.unsure and post.method in _REPEATABLE):
            wait = timedelta(seconds=answer.wait_s) if answer.wait_s else min(_FIRST * 2**post.attempts, _LONGEST)
            changes |= {"state": State.QUEUED, "due_at": now + wait}
        else:
            changes["state"] = State.UNCONFIRMED if answer.unsure else State.FAILED
        ours = workspace.slack_posts.filter(pk=post.pk, attempts=post.attempts)
        ours.filter(state__in=[State.SENDING, State.UNCONFIRMED]).update(**changes)
        if answer.wait_s:
            pause = now + timedelta(seconds=answer.wait_s)
            workspace.slack_connections.filter(pk=bot.connection.pk).update(paused_until=pause)
        if answer.broken:
            _break(workspace, bot.connection, answer.words)
    return not (answer.broken or answer.wait_s or answer.error == "unreachable")


def _place(answer: Answer) -> dict[str, str]:
    """Where the message stands, so that it can be changed."""
    found = {name: str(answer.data.get(name) or "")[:32] for name in ("channel", "ts")}
    return {name: value for name, value in found.items() if value}


def _break(workspace: Workspace, connection: SlackConnection, words: str) -> None:
    """Say once that Slack takes nothing any more. What waits goes out if somebody connects it anew in time."""
    working = workspace.slack_connections.filter(pk=connection.pk, state=SlackConnection.State.WORKING)
    if working.update(state=SlackConnection.State.BROKEN, words=words[:300]):
        signals.slack_broke.send_robust(
            sender=SlackConnection, workspace=workspace, connection=connection, words=words, now=database_now()
        )
