"""How a CSV file is written: its encoding and its delimiter, found in its bytes."""

import codecs
import csv
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

DELIMITERS = ",;\t|"
SAMPLE_ROWS = 50
# The bytes Windows-1252 leaves without a letter: a file that has them is something else.
_NOT_IN_CP1252 = bytes([0x81, 0x8D, 0x8F, 0x90, 0x9D])
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


class BadFile(ValueError):
    """A file that is no table of text; the message is a sentence for a person."""


@dataclass(frozen=True)
class FileFormat:
    """What `open(encoding=...)` and `csv.reader(delimiter=...)` need.

    `skip_lines` is 1 after Excel's "sep=;" line; `sub_header`: the row below the header is no answer (SurveyMonkey).
    """

    encoding: str
    delimiter: str
    skip_lines: int = 0
    sub_header: bool = False


def guess_encoding(chunks: Iterable[bytes]) -> str:
    """Return "utf-8-sig", "utf-8", "utf-16", "utf-16-le", "utf-16-be" or "cp1252" for the bytes of a whole file.

    Looks at every chunk once, holding one at a time. Raises BadFile for what is no text.
    """
    decoder, is_utf8, in_cp1252, first = codecs.getincrementaldecoder("utf-8")(), True, True, True
    for chunk in chunks:
        if first and chunk:
            first = False
            if encoding := _by_first_bytes(chunk):
                return encoding
        if b"\0" in chunk:
            raise BadFile("This file is not text. Save it as CSV and try again.")
        is_utf8 = is_utf8 and _decodes(decoder, chunk)
        in_cp1252 = in_cp1252 and not any(byte in chunk for byte in _NOT_IN_CP1252)
    if is_utf8 and _decodes(decoder, b"", final=True):
        return "utf-8"
    if in_cp1252:
        return "cp1252"
    raise BadFile("The letters of this file cannot be read. Save it as “CSV UTF-8” and try again.")


def guess_file(sample: bytes, encoding: str | None = None) -> FileFormat:
    """Return the format of a file from its first bytes (64 KB are plenty). Raises BadFile.

    `encoding` is what `guess_encoding` said of the whole file; without it the sample decides, in which a letter may be
    cut in two at the end.
    """
    chosen = encoding or _sample_encoding(sample)
    text = codecs.getincrementaldecoder(chosen)(errors="replace").decode(sample)
    first_line = text.split("\n", 1)[0].strip().strip('"').lower()
    if first_line.startswith("sep=") and len(first_line) <= 5:
        return FileFormat(chosen, first_line[4:] or "\t", skip_lines=1)
    return FileFormat(chosen, guess_delimiter(text))


def guess_delimiter(text: str) -> str:
    """Return the delimiter that cuts the first rows most evenly; a comma for a single column. Raises BadFile."""
    if not text.strip():
        raise BadFile("This file is empty.")
    return max(DELIMITERS, key=lambda delimiter: _evenness(text, delimiter))


def _evenness(text: str, delimiter: str) -> tuple[bool, float, int, int]:
    """Return whether quotes stand only around cells, the share of rows as wide as the first one, that width, and the
    number of rows; nothing for one column.

    More rows are better: a wrong delimiter can open a quote that swallows the rest, or end a cell behind its quote.
    """
    # A row that the sample cuts off is not the delimiter's fault.
    whole = text if text.endswith("\n") else text[: text.rfind("\n") + 1] or text
    for strict in (True, False):
        try:
            widths = _widths(whole, delimiter, strict)
        except csv.Error:  # a quote inside a cell; or one of more than 128 KB: this delimiter cuts nothing
            continue
        if widths and widths[0] > 1:
            return strict, Counter(widths)[widths[0]] / len(widths), widths[0], len(widths)
    return False, 0.0, 0, 0


def _widths(text: str, delimiter: str, strict: bool) -> list[int]:
    """How many cells each of the first rows has. Raises csv.Error."""
    rows = csv.reader(text.splitlines(keepends=True), delimiter=delimiter, strict=strict)
    return list(islice((len(row) for row in rows if row), SAMPLE_ROWS))


def _by_first_bytes(chunk: bytes) -> str | None:
    for bom, encoding in _BOMS:
        if chunk.startswith(bom):
            return encoding
    # Without a mark, UTF-16 of Western text has a zero in every second byte.
    sample = chunk[:1000]
    half = len(sample) // 2
    if half and sample[1::2].count(0) > 0.7 * half and not sample[::2].count(0):
        return "utf-16-le"
    if half and sample[::2].count(0) > 0.7 * half and not sample[1::2].count(0):
        return "utf-16-be"
    return None


def _sample_encoding(sample: bytes) -> str:
    if encoding := _by_first_bytes(sample):
        return encoding
    if b"\0" not in sample and _decodes(codecs.getincrementaldecoder("utf-8")(), sample):
        return "utf-8"
    return guess_encoding([sample])


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True
