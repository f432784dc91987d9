"""One workspace, one transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import connection, transaction


@contextmanager
def workspace_scope(workspace_id: UUID | str) -> Iterator[None]:
    """Run the block in one transaction that sees only this workspace.

    Opened at the outermost level, else a rolled-back savepoint would undo the setting. A nested scope gives back the
    one it found, so that a tick can walk from workspace to workspace; the outermost one ends with its transaction.
    """
    nested = connection.in_atomic_block
    with transaction.atomic():
        before = _enter(workspace_id)
        yield
        if nested and not connection.needs_rollback:
            _enter(before)


def _enter(workspace_id: UUID | str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('app.workspace_id', true), set_config('app.workspace_id', %s, true)",
            [str(workspace_id)],
        )
        return cursor.fetchone()[0] or ""


def rendered(response: Any) -> Any:
    """The response with its content made, while the rows it needs can still be seen."""
    return response if getattr(response, "is_rendered", True) else response.render()
