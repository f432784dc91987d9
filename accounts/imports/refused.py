"""Rows that were not taken, in a file of their own, each with its line and the reason in words."""

import csv
import re
from pathlib import Path
from typing import Any, TextIO

_NUMBER = re.compile(r"[-+]?[0-9][0-9.,' ]*")


def safe_cell(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    risky = text.lstrip().startswith(("=", "+", "-", "@")) or text.startswith(("\t", "\r"))
    return f"'{text}" if risky and not _NUMBER.fullmatch(text.strip()) else text


class RefusedFile:
    """Made with the first refused row; `path` is None while there is none, or where nothing may be written."""

    def __init__(self, path: Path, header: list[str], *, write: bool) -> None:
        self._target, self._header, self._write = path, header, write
        self._file: TextIO | None = None
        self._writer: Any = None

    @property
    def path(self) -> Path | None:
        return self._target if self._file else None

    def add(self, line: int, reason: str, cells: list[str]) -> None:
        if not self._write:
            return
        if self._file is None:
            # Spreadsheets read UTF-8 only where it begins with the mark.
            self._file = self._target.open("w", encoding="utf-8-sig", newline="")
            self._writer = csv.writer(self._file)
            self._writer.writerow(["line", "reason", *map(safe_cell, self._header)])
        self._writer.writerow([line, reason, *map(safe_cell, cells)])

    def close(self) -> None:
        if self._file:
            self._file.close()
