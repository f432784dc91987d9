"""Refuse to serve as a role that row-level security does not bind."""

from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import OperationalError, connections


def runtime_role_is_bound_by_row_security(
    app_configs: Any, databases: list[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """With one role for everything all walls fall silently, so serving as the owner is an error."""
    if not databases or "default" not in databases:
        return []
    try:
        with connections["default"].cursor() as cursor:
            cursor.execute(
                "SELECT rolname, rolsuper OR rolbypassrls, EXISTS (SELECT FROM pg_tables WHERE tableowner = rolname"
                " AND schemaname = 'public') FROM pg_roles WHERE rolname = current_user"
            )
            role, unbound, owns_tables = cursor.fetchone()
    except OperationalError as error:
        return [Error(f"The database cannot be reached: {error}", id="accounts.E001")]
    if unbound or owns_tables:
        return [
            Error(
                f"DATABASE_URL connects as “{role}”, which row-level security does not bind.",
                hint="Use the runtime role goodword_app; the owner belongs into MIGRATION_DATABASE_URL.",
                id="accounts.E002",
            )
        ]
    return []
