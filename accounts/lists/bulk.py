"""One verb over many rows: each row is tried by itself, and what was refused says why."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.db import transaction

from accounts.lists.spec import BulkAction, Doing
from accounts.tenancy.errors import Refusal

# More would keep the browser waiting.
MOST_ROWS = 500
_MOST_NAMED = 5


@dataclass(slots=True)
class Outcome:
    """How many rows were done, and the others by their reason: [("...", ["Kim Park", ...]), ...]."""

    done: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)

    @property
    def said(self) -> str:
        """ "12 done.", "12 done, 2 not:"."""
        if not self.refused:
            return f"{self.done:,} done."
        return f"{self.done:,} done, {len(self.refused):,} not:" if self.done else "Nothing was changed:"

    @property
    def reasons(self) -> list[dict[str, str]]:
        """Each `reason` once, with the `names` of its rows."""
        by_reason = groupby(sorted(self.refused), key=lambda one: one[0])
        return [{"reason": reason, "names": _named([name for _, name in rows])} for reason, rows in by_reason]


@transaction.atomic
def run_bulk(*, action: BulkAction, rows: Iterable[Any], doing: Doing) -> Outcome:
    """Do it to each row under a savepoint of its own; a refused row leaves the others done."""
    outcome = Outcome()
    for row in rows:
        try:
            with transaction.atomic():
                action.do(row, doing)
        except Refusal as refusal:
            outcome.refused.append((refusal.detail, str(row)))
        else:
            outcome.done += 1
    return outcome


def _named(names: list[str]) -> str:
    shown, rest = names[:_MOST_NAMED], len(names) - _MOST_NAMED
    return ", ".join(shown) + (f" and {rest:,} more" if rest > 0 else "")
