"""When to try again. A pure idea: no clock, no database."""

from datetime import datetime, timedelta

_FIRST = timedelta(seconds=30)
_LONGEST = timedelta(hours=1)
_LAST_CHANCE = timedelta(minutes=1)
MOST_ATTEMPTS = 60  # about two and a half days


def retry_at(*, now: datetime, attempts: int, expires_at: datetime | None) -> datetime | None:
    """The next try after `attempts` tries: 30 s, 1 min, 2 min ... 1 h apart; None to give up.

    Never later than a minute before the mail expires: a long wait must not use up the last chance.
    """
    if attempts >= MOST_ATTEMPTS:
        return None
    due = now + min(_FIRST * 2 ** min(attempts - 1, 12), _LONGEST)
    if expires_at is not None:
        due = min(due, max(now + _FIRST, expires_at - _LAST_CHANCE))
    return due
