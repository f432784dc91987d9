"""What somebody does about an ask in Slack: send, edit, skip, take back. Permissions and rules as on the desk."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from accounts.members.permissions import Permission, can
from accounts.slack import actions as slack
from accounts.slack.interactions import Press
from accounts.slack.models import SlackPost
from accounts.tenancy import ids
from accounts.tenancy.actor import Actor, ActorKind
from accounts.tenancy.errors import InvalidInput, Refusal
from accounts.tenancy.models import Workspace
from referrals.asks import actions as asks
from referrals.asks.models import Ask
from referrals.chat import cards, windows

# Slack's own limit for opening a window after a press.
TRIGGER_VALID = timedelta(seconds=3)
_MOST_AT_ONCE = 200


class WordsChanged(Refusal):
    """Somebody wrote other words since; the reader has not seen them."""

    code = "words_changed"


def press(press: Press) -> dict[str, Any]:
    """Do what was pressed, as the member who pressed it; gives the answer for Slack: {} or the errors of a window.

    A refusal is said to whoever pressed, and the message shows what is true now.
    """
    verb = press.action.partition(":")[2]
    ask = _find(press)
    if ask is None or verb not in _VERBS:
        return {}
    is_window = bool(press.fields)
    try:
        if not can(press.member, Permission.ASK_SEND):
            raise Refusal(f"As {press.member.get_role_display().lower()} you can't do this. An owner or admin can.")
        _VERBS[verb](press, ask)
    except Refusal as refusal:
        if is_window:
            return windows.refused(refusal)
        slack.whisper(post=press.post, key=f"call:{press.key}:no", words=refusal.detail, now=press.now)
    _show(press.workspace, ask.pk, f"call:{press.key}", press.now)
    return {}


def show_what_became(*, workspace: Workspace, now: datetime) -> int:
    """Messages about asks that moved on elsewhere say so; gives how many. Once for each state of an ask."""
    posts = _open_posts(workspace).filter(subject__gte="ask:", subject__lt="ask;").order_by("created_at")
    keys = {UUID(post.subject.partition(":")[2]) for post in posts[:_MOST_AT_ONCE]}
    moved = workspace.asks.filter(pk__in=keys).exclude(state=Ask.State.QUEUED)
    return sum(_show(workspace, ask.pk, f"{ask.state}:{ask.updated_at.timestamp():.0f}", now) for ask in moved)


def _find(press: Press) -> Ask | None:
    """The ask the message is about; a value that names another one is not ours."""
    public_id = press.value.partition("|")[0]
    try:
        pk = ids.decode(Ask.prefix, public_id)
    except ids.BadId:
        return None
    if press.post.subject != f"ask:{pk}":
        return None
    rows = press.workspace.asks.select_related("contact__company", "moment__response", "program", "link", "sender")
    return rows.filter(pk=pk).first()


def _send(press: Press, ask: Ask) -> None:
    _same_words(press, ask)
    asks.send(ask=ask, by=_by(press), now=press.now)


def _called(press: Press, ask: Ask) -> None:
    asks.mark_called(ask=ask, by=_by(press), now=press.now)


def _undo(press: Press, ask: Ask) -> None:
    asks.undo(ask=ask, by=_by(press), now=press.now)


def _skip(press: Press, ask: Ask) -> None:
    number = press.value.partition("|")[2]
    reasons = dict(enumerate(cards.SKIP_REASONS))
    reason = reasons.get(int(number)) if number.isascii() and number.isdigit() and len(number) < 3 else None
    if reason is None:
        raise InvalidInput("Choose one of the reasons.", field="reason")
    asks.skip(ask=ask, reason=reason, by=_by(press), now=press.now)


def _edit(press: Press, ask: Ask) -> None:
    _same_words(press, ask)
    if not press.fields:
        _open_window(press, ask)
        return
    subject, body = press.fields.get("subject", "").strip(), press.fields.get("body", "").strip()
    if not subject or not body:
        raise InvalidInput("It needs words.", field="body" if subject else "subject")
    asks.edit(ask=ask, by=_by(press), now=press.now, subject=subject, body=body)


def _open_window(press: Press, ask: Ask) -> None:
    if not windows.fits(ask):
        raise Refusal("This letter is longer than Slack lets anybody type. Open it in Goodword.")
    slack.open_window(
        post=press.post,
        key=f"call:{press.key}:window",
        trigger=press.trigger,
        window=windows.edit(ask, press.post),
        now=press.now,
        valid=TRIGGER_VALID,
    )


def _same_words(press: Press, ask: Ask) -> None:
    if press.value.partition("|")[2] != cards.fingerprint(ask):
        raise WordsChanged("The words have changed since. Read them once more.")


def _by(press: Press) -> Actor:
    return Actor(ActorKind.MEMBER, press.member.pk)


def _show(workspace: Workspace, ask_id: UUID, key: str, now: datetime) -> int:
    """Let every message about the ask show it as it is now; gives how many were changed."""
    posts = list(_open_posts(workspace).filter(subject=f"ask:{ask_id}").select_related("member"))
    for post in posts:
        post.workspace = post.member.workspace = workspace
        card = cards.make(workspace, post.member, [ask_id], now)[ask_id]
        slack.change(post=post, key=f"{post.pk}:{key}"[:120], card=card, now=now)
    return len(posts)


def _open_posts(workspace: Workspace) -> Any:
    posts = workspace.slack_posts.filter(method=SlackPost.Method.POST, closed_at=None)
    return posts.filter(state__in=[SlackPost.State.QUEUED, SlackPost.State.SENT])


_VERBS: dict[str, Callable[[Press, Ask], None]] = {
    "send": _send,
    "called": _called,
    "undo": _undo,
    "skip": _skip,
    "edit": _edit,
}
