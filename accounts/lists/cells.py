"""One value of a list, for people and for files."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from accounts.lists.spec import Column
from accounts.templatetags import figures
from accounts.tenancy import money
from accounts.tenancy.money import Money

# A spreadsheet takes what begins like this for a formula (OWASP, CSV injection; the wide ones are folded by some).
_BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# Spreadsheets know by it that the file is UTF-8.
BYTE_ORDER_MARK = "\ufeff"


def shown(value: Any) -> str:
    """The value as a page shows it."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Money):
        return money.format(value)
    if isinstance(value, (date, datetime)):
        return figures.day(value)
    return f"{value:,}" if isinstance(value, int) else str(value)


def safe(cell: str) -> str:
    """The cell as a spreadsheet reads it without taking it for a formula."""
    return f"'{cell}" if cell.startswith(_BEGINS_FORMULA) else cell


def csv_lines(rows: Iterable[Sequence[str]]) -> str:
    """The rows as CSV: every cell safe and quoted, lines end with CR LF."""
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows([safe(cell) for cell in row] for row in rows)
    return text.getvalue()


def file_row(columns: Sequence[Column], row: Any) -> list[str]:
    """One row of a file; money is exact, with its currency behind it. Times are in the zone of the workspace."""
    return [_written(column.value(row)) for column in columns]


def _written(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Money):
        return f"{value.to_decimal()} {value.currency}"
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat(sep=" ", timespec="minutes")
    return value.isoformat() if isinstance(value, date) else str(value)
