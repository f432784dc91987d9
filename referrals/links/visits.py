"""Opening a link: one statement that finds it, stores the visit and says which page to show."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import InterfaceError, OperationalError, connection

_COLUMNS = "workspace_id, link_id, visitor_id, state, version, eu_mode, attribution_days"
_RECORD = f"SELECT {_COLUMNS} FROM record_visit(%s, %s::uuid, %s, %s)"  # noqa: S608 -- a constant list of columns
_FIND = f"SELECT {_COLUMNS} FROM find_link(%s, %s::uuid, %s)"  # noqa: S608 -- a constant list of columns
MOST_CHARACTERS_OF_A_CODE = 40


class State(StrEnum):
    """What the link is good for. Only a visit to a live one is stored."""

    LIVE = "live"
    PAUSED = "paused"  # the program rests
    RETIRED = "retired"  # withdrawn, or the program has ended
    CLOSED = "closed"  # the workspace is suspended or closing


@dataclass(frozen=True, slots=True)
class Opened:
    """A link as it was found at one moment. `version` changes with everything its page shows."""

    workspace_id: UUID
    link_id: UUID
    # The visitor as this workspace knows them; None for machines and where no cookie may be set.
    visitor_id: UUID | None
    state: str
    version: int
    eu_mode: bool
    attribution_days: int


def record(*, code: str, visitor: UUID | None, is_bot: bool, now: datetime) -> Opened | None:
    """Store one opening of the link, durably, and return the link; None if there is no such code.

    Skips Django's health check of the connection (a round trip as dear as this one) and tries once more instead.
    """
    if not _can_be_a_code(code):
        return None
    arguments: list[Any] = [code, visitor and str(visitor), is_bot, now]
    if connection.in_atomic_block:
        return _ask(_RECORD, arguments)
    connection.health_check_done = True  # type: ignore[attr-defined]  # missing in the stubs
    try:
        return _ask(_RECORD, arguments)
    except (OperationalError, InterfaceError):
        connection.close()
        return _ask(_RECORD, arguments)


def find(*, code: str, visitor: UUID | None, now: datetime) -> Opened | None:
    """The link without storing a visit; None if there is no such code."""
    return _ask(_FIND, [code, visitor and str(visitor), now]) if _can_be_a_code(code) else None


def _can_be_a_code(code: str) -> bool:
    return 0 < len(code) <= MOST_CHARACTERS_OF_A_CODE and "\x00" not in code


def _ask(statement: str, arguments: list[Any]) -> Opened | None:
    with connection.cursor() as cursor:
        cursor.execute(statement, arguments)
        row = cursor.fetchone()
    return Opened(*row) if row[0] is not None else None
