"""All checks in the order in which one thing rests on another."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial

import django.db
from redis import RedisError

from accounts.operations.checks import broker, database, disk, dns, mail, production, rows, workers
from accounts.operations.findings import Finding, unknown, wrong

Check = Callable[[], Iterable[Finding]]


def examine(*, dkim_selectors: Iterable[str] = ()) -> Iterator[tuple[str, Finding]]:
    """Each finding with the name of what it is about. Changes nothing and sends nothing."""
    subjects: dict[str, Check] = {
        "settings": production.check,
        "disk": disk.check,
        "database": database.check,
        "broker": broker.check,
        "workers": workers.check,
        "beat": workers.check_beat,
        "mail": mail.check,
        "dns": partial(dns.check, dkim_selectors),
        "rows": rows.check,
    }
    database_answers = True
    for subject, check in subjects.items():
        try:
            for finding in check():
                yield subject, finding
        except django.db.Error as error:
            # Said once; what rests on it is only not seen.
            yield subject, _no_database(error) if database_answers else unknown("Not seen: the database is not well.")
            database_answers = False
        except (RedisError, OSError) as error:
            yield subject, unknown(f"Not seen: {error}")


def _no_database(error: Exception) -> Finding:
    words = str(error).strip().splitlines()
    return wrong(
        f"The database cannot be asked: {words[0] if words else type(error).__name__}",
        "Start PostgreSQL, or correct DATABASE_URL. After a new release run manage.py migrate first.",
    )
