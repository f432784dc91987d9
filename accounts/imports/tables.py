"""A CSV file as rows: opened as it is written, read from the first to the last line without keeping any."""

import csv
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import BinaryIO, NamedTuple

from accounts.imports.cells import ADDED, bare_cell
from accounts.imports.files import BadFile, FileFormat, guess_encoding, guess_file

CHUNK_BYTES = 1 << 16
MOST_COLUMNS = 500
# What people have instead of a CSV file, by its first bytes.
NOT_CSV = {
    b"PK\x03\x04": "This is an Excel workbook or a ZIP archive. Open it and save the sheet as “CSV UTF-8”.",
    b"\xd0\xcf\x11\xe0": "This is an old Excel workbook. Open it and save the sheet as “CSV UTF-8”.",
    b"\x1f\x8b": "This file is compressed. Unpack it and try again.",
    b"%PDF": "This is a PDF, not a CSV file.",
}


class Row(NamedTuple):
    """One row: the line it ends on, and its cells."""

    line: int
    cells: list[str]


@dataclass(frozen=True)
class Table:
    """A file with a header. `header` has the names as they are written."""

    path: Path
    format: FileFormat
    header: list[str]

    def rows(self) -> Iterator[Row]:
        """Every row below the header that says something. Raises BadFile."""
        rows = islice(_read(self.path, self.format), 1, None)
        # A file of refused rows comes back with the marks that kept a spreadsheet from computing its cells.
        yield from (Row(line, list(map(bare_cell, cells))) for line, cells in rows) if self.is_mended else rows

    @property
    def is_mended(self) -> bool:
        """Whether this is a file of refused rows, corrected."""
        return tuple(self.header[: len(ADDED)]) == ADDED


def open_table(path: Path, form: FileFormat | None = None) -> Table:
    """Look at a file and its header. Raises BadFile with a sentence for a person.

    `form` is how it is written, where that is known; else it is found in all of its bytes.
    """
    if form is None:
        try:
            with path.open("rb") as file:
                form = _format(file)
        except OSError as error:
            reason = (error.strerror or "unknown reason").lower()
            raise BadFile(f"The file {path} cannot be opened: {reason}.") from error
    first = next(_read(path, form), None)
    if first is None:
        raise BadFile("This file is empty.")
    if len(first.cells) > MOST_COLUMNS:
        raise BadFile(f"This file has {len(first.cells)} columns; {MOST_COLUMNS} can be read.")
    return Table(path, form, [name.strip() for name in first.cells])


def _format(file: BinaryIO) -> FileFormat:
    start = file.read(CHUNK_BYTES)
    for mark, words in NOT_CSV.items():
        if start.startswith(mark):
            raise BadFile(words)
    file.seek(0)
    encoding = guess_encoding(iter(partial(file.read, CHUNK_BYTES), b""))
    return guess_file(start, encoding)


def plain_name(header: str) -> str:
    """A header as it is compared: "E-Mail" is "e_mail", "Time Zone" is "time_zone"."""
    letters = unicodedata.normalize("NFKD", header).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", letters).strip("_")


def _read(path: Path, form: FileFormat) -> Iterator[Row]:
    with path.open(encoding=form.encoding, newline="") as file:
        for _ in range(form.skip_lines):
            file.readline()
        reader = csv.reader(file, delimiter=form.delimiter)
        header = True
        try:
            for cells in reader:
                # Nearly every row begins with something, and looking at one cell is cheaper than looking at all.
                if not cells or not (cells[0].strip() or any(map(str.strip, cells))):
                    continue
                yield Row(reader.line_num + form.skip_lines, cells)
                if header and form.sub_header:
                    next(reader, None)
                header = False
        except csv.Error as error:
            raise BadFile(f"Line {reader.line_num + form.skip_lines} cannot be read as CSV: {error}.") from error
        except UnicodeDecodeError as error:
            line = reader.line_num + form.skip_lines
            raise BadFile(f"After line {line} there are letters that cannot be read as {form.encoding}.") from error
