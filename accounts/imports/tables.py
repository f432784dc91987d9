"""A CSV file as rows: opened as it is written, read from the first to the last line without keeping any."""

import csv
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from accounts.imports.files import BadFile, FileFormat, guess_encoding, guess_file

CHUNK_BYTES = 1 << 16


@dataclass(frozen=True)
class Row:
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
        for position, row in enumerate(_read(self.path, self.format)):
            if position:
                yield row


def open_table(path: Path) -> Table:
    """Look at a file and its header. Raises BadFile with a sentence for a person."""
    try:
        with path.open("rb") as file:
            encoding = guess_encoding(iter(partial(file.read, CHUNK_BYTES), b""))
            file.seek(0)
            form = guess_file(file.read(CHUNK_BYTES), encoding)
    except OSError as error:
        raise BadFile(f"The file {path} cannot be opened: {(error.strerror or 'unknown reason').lower()}.") from error
    first = next(_read(path, form), None)
    if first is None:
        raise BadFile("This file is empty.")
    return Table(path, form, [name.strip() for name in first.cells])


def plain_name(header: str) -> str:
    """A header as it is compared: "E-Mail" is "e_mail", "Time Zone" is "time_zone"."""
    letters = unicodedata.normalize("NFKD", header).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", letters).strip("_")


def _read(path: Path, form: FileFormat) -> Iterator[Row]:
    with path.open(encoding=form.encoding, newline="") as file:
        for _ in range(form.skip_lines):
            file.readline()
        reader = csv.reader(file, delimiter=form.delimiter)
        try:
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    yield Row(reader.line_num + form.skip_lines, cells)
        except csv.Error as error:
            raise BadFile(f"Line {reader.line_num + form.skip_lines} cannot be read as CSV: {error}.") from error
