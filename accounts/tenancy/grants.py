"""What the runtime role may do. Granted after every migrate, so that a new table can't be forgotten."""

from typing import Any

from django.db import connections

from accounts.tenancy.constraints import RUNTIME_ROLE

# Facts and books are only ever added to.
APPEND_ONLY = ("accounts_event", "rewards_ledgerentry", "rewards_ledgerline")


def grant_to_runtime_role(using: str, **kwargs: Any) -> None:
    """Rows yes, structure no: never TRUNCATE, REFERENCES or TRIGGER."""
    with connections[using].cursor() as cursor:
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {RUNTIME_ROLE}")
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {RUNTIME_ROLE}")
        cursor.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {RUNTIME_ROLE}")
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename = ANY(%s)", [list(APPEND_ONLY)]
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f"REVOKE UPDATE, DELETE ON {table} FROM {RUNTIME_ROLE}")
