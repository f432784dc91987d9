"""Rows that were not taken, in a file of their own, each with its line and the reason in words."""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TextIO

from accounts.imports.cells import ADDED, safe_cell
from accounts.imports.report import RefusedLine


class RefusedFile:
    """Made with the first refused row; `path` is None while there is none."""

    def __init__(self, path: Path, header: list[str]) -> None:
        self._target, self._header = path, header
        self._file: TextIO | None = None

    @property
    def path(self) -> Path | None:
        return self._target if self._file else None

    def add_all(self, rows: Sequence[RefusedLine]) -> None:
        if not rows:
            return
        header = self._header if self._file is None else None
        if self._file is None:
            # Spreadsheets read UTF-8 only where it begins with the mark.
            self._file = self._target.open("w", encoding="utf-8-sig", newline="")
        self._file.write(as_csv(rows, header))

    def close(self) -> None:
        if self._file:
            self._file.close()


def as_csv(rows: Iterable[RefusedLine], header: Sequence[str] | None) -> str:
    """Refused rows as CSV: line, reason, and the cells as they came; the header only where it is given."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    if header is not None:
        writer.writerow([*ADDED, *map(safe_cell, header)])
    writer.writerows([line, safe_cell(reason), *map(safe_cell, cells)] for line, reason, cells in rows)
    return text.getvalue()
