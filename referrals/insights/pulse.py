"""Is the programme alive? Sentences from the data, each with what to do next; silence where all is well."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.urls import reverse

from accounts.members.models import Member
from accounts.members.permissions import Permission, can
from accounts.tenancy import ids
from accounts.tenancy.models import Workspace

QUIET_DAYS = 14
LAST_ASKS = 20
WAITS_DAYS = 3
# They have had time to answer.
_TIME_TO_SHARE = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Sentence:
    """What is so; `url` and `call` lead to what can be done, empty for who may not do it."""

    text: str
    url: str = ""
    call: str = ""


_SELECT = """
SELECT (SELECT max(queued_at) FROM referrals_ask WHERE workspace_id = %(workspace)s),
       (SELECT count(*) FROM (SELECT FROM referrals_program
                               WHERE workspace_id = %(workspace)s AND state = 'live' LIMIT 1) AS live),
       last.asks, last.shares,
       (SELECT count(*) FROM referrals_thankyou
         WHERE workspace_id = %(workspace)s AND state IN ('owed', 'failed') AND owed_since <= %(a_day_ago)s),
       (SELECT id FROM referrals_thankyou
         WHERE workspace_id = %(workspace)s AND state IN ('owed', 'failed') AND owed_since <= %(a_day_ago)s
         ORDER BY owed_since LIMIT 1),
       (SELECT count(*) FROM referrals_referral
         WHERE workspace_id = %(workspace)s AND stage = 'new' AND stage_changed_at <= %(waits_since)s)
  FROM (SELECT count(*) AS asks, count(*) FILTER (WHERE answer IN ('introduced', 'shared')) AS shares
          FROM (SELECT answer FROM referrals_ask
                 WHERE workspace_id = %(workspace)s AND state IN ('sent', 'answered') AND queued_at <= %(had_time)s
                 ORDER BY queued_at DESC LIMIT %(last)s) AS latest) AS last
"""


def sentences(*, workspace: Workspace, member: Member, now: datetime) -> list[Sentence]:
    """What stands still, the first thing in the story first. One statement."""
    values: dict[str, Any] = {
        "workspace": workspace.pk,
        "a_day_ago": now - timedelta(days=1),
        "waits_since": now - timedelta(days=WAITS_DAYS),
        "had_time": now - _TIME_TO_SHARE,
        "last": LAST_ASKS,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SELECT, values)
        last_ask, live, asks, shares, owed, oldest, waiting = cursor.fetchone()
    found = [
        _no_ask(last_ask or workspace.created_at, last_ask is not None, now) if live else None,
        _no_shares(asks, shares),
        _uncalled(waiting),
        _unthanked(owed, oldest),
    ]
    return [_said(one, workspace, member) for one in found if one is not None]


@dataclass(frozen=True, slots=True)
class _Found:
    text: str
    call: str
    url_name: str
    permission: Permission
    row: tuple[str, ...] = ()


def _no_ask(since: datetime, asked: bool, now: datetime) -> _Found | None:
    days = (now - since) // timedelta(days=1)
    if days < QUIET_DAYS:
        return None
    text = f"No ask in {days} days." if asked else f"Nobody was asked yet, for {days} days."
    return _Found(text, "See who praised you before", "warm-start", Permission.ASK_SEND)


def _no_shares(asks: int, shares: int) -> _Found | None:
    if asks < LAST_ASKS or shares:
        return None
    text = f"0 shares of the last {LAST_ASKS} asks."
    return _Found(text, "Change the words of the ask", "program-list", Permission.PROGRAM_WRITE)


def _uncalled(waiting: int) -> _Found | None:
    if not waiting:
        return None
    who = "1 introduction waits" if waiting == 1 else f"{waiting} introductions wait"
    text = f"{who} for a first call for over {WAITS_DAYS} days."
    return _Found(text, "Call them", "referral-list", Permission.REFERRAL_WRITE)


def _unthanked(owed: int, oldest: UUID | None) -> _Found | None:
    if not owed or oldest is None:
        return None
    what = "1 thank-you is" if owed == 1 else f"{owed} thank-yous are"
    return _Found(
        f"{what} owed for over a day.",
        "Say thank you",
        "today-thank-you",
        Permission.ASK_SEND,
        (ids.encode("thx", oldest),),
    )


def _said(found: _Found, workspace: Workspace, member: Member) -> Sentence:
    if not can(member, found.permission):
        return Sentence(found.text)
    return Sentence(found.text, reverse(found.url_name, args=[workspace.slug, *found.row]), found.call)
