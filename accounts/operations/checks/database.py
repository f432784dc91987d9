"""The database: there, new enough, migrated, with a role that walls bind and a clock like ours."""

import time
from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from accounts.operations.findings import Finding, ok, warning, wrong
from accounts.operations.spans import count, size, span
from accounts.tenancy.checks import runtime_role_is_bound_by_row_security

OLDEST_POSTGRESQL = 18
_CLOCKS_DIFFER_S, _CLOCKS_CONTRADICT_S = 2, 60


def check() -> Iterator[Finding]:
    version = _version()
    if version < OLDEST_POSTGRESQL:
        yield wrong(f"PostgreSQL {version} is too old.", f"Goodword needs PostgreSQL {OLDEST_POSTGRESQL} or newer.")
    else:
        taken = size(_one("SELECT pg_database_size(current_database())"))
        yield ok(f"PostgreSQL {version} answers; the database takes {taken}.")
    yield _role()
    yield _migrations()
    yield _clock()


def _version() -> int:
    return int(_one("SELECT current_setting('server_version_num')")) // 10_000


def _one(sql: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


def _role() -> Finding:
    for message in runtime_role_is_bound_by_row_security(None, databases=["default"]):
        return wrong(message.msg, message.hint or "Look at DATABASE_URL.")
    return ok("Row-level security binds the role that serves.")


def _migrations() -> Finding:
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        first = missing[0][0]
        names = f"{first.app_label}.{first.name}" + (" and those after it" if len(missing) > 1 else "")
        return wrong(
            f"{count(len(missing), 'migration')} not applied: {names}.",
            "Run manage.py migrate with MIGRATION_DATABASE_URL, then start web, worker and beat again.",
        )
    return ok("Every migration is applied.")


def _clock() -> Finding:
    asked = time.time()
    theirs = _one("SELECT extract(epoch FROM clock_timestamp())::float8")
    return of_clock("This machine", (asked + time.time()) / 2 - theirs)


def of_clock(whose: str, ahead_s: float) -> Finding:
    """About a clock that is so many seconds ahead of the database's."""
    if abs(ahead_s) < _CLOCKS_DIFFER_S:
        return ok(f"{whose} and the database agree on the time.")
    direction = "ahead of" if ahead_s > 0 else "behind"
    says = f"The clock of {whose[0].lower()}{whose[1:]} is {span(abs(ahead_s))} {direction} the database's."
    do = "Let both follow a time server (chrony or systemd-timesyncd)."
    return (wrong if abs(ahead_s) >= _CLOCKS_CONTRADICT_S else warning)(says, do)
