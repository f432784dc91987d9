"""What somebody pressed in Slack, proven to come from there, and done once as the member they are."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs

from django.db import IntegrityError, connection, transaction

from accounts.members.models import Member
from accounts.slack import actions, signing
from accounts.slack.errors import Forged, NoSuchHook, Unreadable
from accounts.slack.models import SlackCall, SlackConnection, SlackPost
from accounts.tenancy import secrets, tokens
from accounts.tenancy.models import Workspace
from accounts.tenancy.scope import workspace_scope

# Slack wants its answer within three seconds: nobody waits for a locked row as long as elsewhere.
_LOCK_WAIT = "1500ms"


@dataclass(frozen=True, slots=True)
class Press:
    """A button pressed, a choice made (`value`), or a window sent off (`fields`) by a member.

    `post` is the message it stands under; `key` names the press once and for all.
    """

    workspace: Workspace
    member: Member
    post: SlackPost
    key: str
    action: str
    value: str
    fields: Mapping[str, str]
    trigger: str
    now: datetime


# Does it in the transaction of the press. What it returns is the answer to Slack: {} or errors of a window.
Handler = Callable[[Press], dict[str, Any]]

_handlers: dict[str, Handler] = {}


def register(kind: str, handle: Handler) -> None:
    """Do what is pressed under action ids that begin with "<kind>:". Called from AppConfig.ready()."""
    _handlers[kind] = handle


def take_in(*, token: str, headers: Mapping[str, str], body: bytes, now: datetime) -> dict[str, Any]:
    """Do what was pressed, once; gives the answer for Slack. Raises NoSuchHook, Forged, Unreadable."""
    workspace, bot = _bot_of(token)
    signature = headers.get("X-Slack-Signature", "")
    try:
        secret = secrets.decrypt(bot.sealed_signing_secret)
    except secrets.Unreadable as error:
        # Without its secret nothing can be proven.
        raise Forged from error
    timestamp = headers.get("X-Slack-Request-Timestamp", "")
    if not signing.is_slacks(secret, timestamp=timestamp, signature=signature, body=body, now=now):
        raise Forged
    payload = _payload(body)
    if (payload.get("team") or {}).get("id") != bot.team_id:
        raise Forged
    key = hashlib.sha256(signature.encode()).hexdigest()
    with workspace_scope(workspace.pk), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [_LOCK_WAIT])
        if not _is_first(workspace, key):
            return {}
        return _do(workspace, payload, key, now)


def _bot_of(token: str) -> tuple[Workspace, SlackConnection]:
    try:
        read = tokens.read(actions.HOOK, token)
    except tokens.BadToken as error:
        raise NoSuchHook from error
    workspace = Workspace.objects.filter(pk=read.workspace_id, state=Workspace.State.ACTIVE).first()
    if workspace is None:
        raise NoSuchHook
    with workspace_scope(workspace.pk):
        bot = workspace.slack_connections.filter(pk=read.object_id).first()
    if bot is None or not read.fits(bot.hook_nonce):
        raise NoSuchHook
    return workspace, bot


def _payload(body: bytes) -> dict[str, Any]:
    try:
        payload = json.loads(parse_qs(body.decode(), strict_parsing=True)["payload"][0])
    except (LookupError, ValueError, RecursionError) as error:
        raise Unreadable from error
    if not isinstance(payload, dict):
        raise Unreadable
    return payload


def _is_first(workspace: Workspace, key: str) -> bool:
    try:
        with transaction.atomic():
            SlackCall.objects.create(workspace=workspace, key=key)
    except IntegrityError:
        return False
    return True


def _do(workspace: Workspace, payload: dict[str, Any], key: str, now: datetime) -> dict[str, Any]:
    """Find who pressed what under which message. What we do not know is nobody's business and changes nothing."""
    person = workspace.slack_people.select_related("member").filter(slack_id=_text(payload, "user", "id")).first()
    if person is None or not person.slack_id or not person.member.is_active:
        return {}
    person.member.workspace = workspace
    read = {"block_actions": _pressed, "view_submission": _sent_off}.get(str(payload.get("type")))
    if read is None:
        return {}
    action, value, fields, place = read(payload)
    handle = _handlers.get(action.partition(":")[0])
    # A message is a letter to one person: nobody presses the buttons of another one's.
    posts = workspace.slack_posts.filter(method=SlackPost.Method.POST, member=person.member).exclude(ts="")
    post = posts.filter(channel=place[0], ts=place[1]).first()
    if handle is None or post is None:
        return {}
    post.workspace = workspace
    press = Press(workspace, person.member, post, key, action, value, fields, _text(payload, "trigger_id"), now)
    return handle(press)


def _pressed(payload: dict[str, Any]) -> tuple[str, str, dict[str, str], tuple[str, str]]:
    acts = payload.get("actions")
    act = acts[0] if isinstance(acts, list) and acts and isinstance(acts[0], dict) else {}
    value = _text(act, "selected_option", "value") or _text(act, "value")
    place = _text(payload, "container", "channel_id"), _text(payload, "container", "message_ts")
    return _text(act, "action_id"), value, {}, place


def _sent_off(payload: dict[str, Any]) -> tuple[str, str, dict[str, str], tuple[str, str]]:
    view = payload.get("view") if isinstance(payload.get("view"), dict) else {}
    channel, _, rest = _text(view, "private_metadata").partition("|")
    ts, _, value = rest.partition("|")
    state = (view or {}).get("state") or {}
    values = state.get("values") if isinstance(state, dict) else {}
    fields = {
        # Our fields call their action "value".
        block: _text(given, "value", "value")
        for block, given in (values.items() if isinstance(values, dict) else ())
        if isinstance(given, dict)
    }
    return _text(view, "callback_id"), value, fields, (channel, ts)


def _text(data: Any, *names: str) -> str:
    """A text deep inside; "" where it is not one. PostgreSQL refuses a NUL."""
    for name in names:
        data = data.get(name) if isinstance(data, dict) else None
    return data.replace("\x00", "") if isinstance(data, str) else ""
