"""What the pages of an import show: the first rows under their columns, and what became of the file."""

import csv
import io
import tempfile
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from accounts.imports.files import BadFile
from accounts.imports.formats import ColumnFormat
from accounts.imports.forms import AS_IT_IS, DATE_WORDS, MARK_WORDS, ColumnChoices
from accounts.imports.models import ImportJob, ImportPiece
from accounts.imports.plans import GUESSED, file_format, settle_formats
from accounts.imports.registry import Kind
from accounts.imports.report import Report
from accounts.imports.tables import Row, Table

SAMPLES, SAMPLE_ROWS, SAMPLE_LETTERS = 3, 200, 60


@dataclass(frozen=True)
class Shown:
    """One column on the page: where it stands, its first values, what it tells and how it is read."""

    at: int
    header: str
    samples: list[str]
    told: str
    options: list[tuple[str, str]]
    formats: list[tuple[str, str]]
    chosen_format: str
    guess: str
    doubtful: bool
    error: str


def columns(job: ImportJob, choices: ColumnChoices) -> list[Shown]:
    """Every column of the file as the page shows it, guessed from the first rows."""
    first = _first_rows(job)
    guessed = _guessed(job, first, choices)
    told = {at: name for name, at in choices.columns.items()} | dict.fromkeys(choices.attributes, AS_IT_IS)
    return [_shown(at, written, first, told.get(at, ""), guessed, choices) for at, written in enumerate(job.header)]


def _shown(
    at: int, written: str, first: list[Row], told: str, guessed: dict[str, ColumnFormat], choices: ColumnChoices
) -> Shown:
    texts = (row.cells[at].strip() for row in first if at < len(row.cells))
    samples = [text if len(text) <= SAMPLE_LETTERS else f"{text[:SAMPLE_LETTERS]}…" for text in texts if text]
    field = choices.kind.field(told)
    sort = GUESSED.get(field.type) if field else None
    words = {"date": DATE_WORDS, "number": MARK_WORDS}.get(sort or "", {})
    chosen = choices.chosen_formats.get(told, {})
    found = guessed.get(told)
    return Shown(
        at=at,
        header=written or f"Column {at + 1}",
        samples=list(dict.fromkeys(samples))[:SAMPLES],
        told=told,
        options=_options(choices.kind),
        formats=list(words.items()),
        chosen_format=next(iter(chosen.values()), ""),
        guess=_guess(found, words) if found else "",
        doubtful=bool(found and found.ambiguous),
        error=choices.errors.get(at, ""),
    )


def _guess(found: ColumnFormat, words: dict[str, str]) -> str:
    how = words.get(found.date_order or found.decimal_mark or "", "")
    if not how:
        return "As it comes"
    return f"{how} (could be either)" if found.ambiguous else how


def _options(kind: Kind) -> list[tuple[str, str]]:
    needed = {name for names in kind.needs for name in names}
    named = [(field.name, f"{field.label} *" if field.name in needed else field.label) for field in kind.fields]
    kept = [(AS_IT_IS, "Keep as it is")] if kind.keeps_attributes else []
    return [("", "Not read"), *kept, *named]


def _guessed(job: ImportJob, first: list[Row], choices: ColumnChoices) -> dict[str, ColumnFormat]:
    if job.formats is not None and dict(job.columns) == choices.columns:
        return {name: ColumnFormat(**told) for name, told in job.formats.items()}
    return settle_formats(choices.kind, first, choices.columns, choices.chosen_formats)


def _first_rows(job: ImportJob) -> list[Row]:
    """The first rows of the file, from its first piece; none where the file was deleted."""
    pieces = ImportPiece.objects.filter(workspace_id=job.workspace_id, job=job, number=0)
    data = pieces.values_list("data", flat=True).first()
    if data is None:
        return []
    rows: list[Row] = []
    with tempfile.NamedTemporaryFile(prefix="goodword-import-", suffix=".csv") as file:
        file.write(data)
        file.flush()
        table = Table(Path(file.name), file_format(job), job.header)
        try:
            rows.extend(islice(table.rows(), SAMPLE_ROWS))
        except BadFile:
            # The piece ends in the middle of a letter or a quoted cell; what stands before it is enough to look at.
            return rows
    return rows


def report_of(job: ImportJob) -> Report:
    """What the job has done so far, in the words of its file."""
    report = Report.of_json(job.kind, job.report, dry_run=job.state in (job.State.TRYING, job.State.TRIED))
    report.said = [in_words(job, sentence) for sentence in report.said]
    report.reasons = Counter({in_words(job, reason): count for reason, count in report.reasons.items()})
    report.first_refused = [(line, in_words(job, reason)) for line, reason in report.first_refused]
    return report


def in_words(job: ImportJob, sentence: str) -> str:
    """A sentence that begins with the names of our fields, with the headers of the file in their place."""
    names, colon, rest = sentence.partition(": ")
    fields = names.split(", ")
    if not colon or not all(name in job.columns for name in fields):
        return sentence
    return f"{', '.join(job.header[job.columns[name]] for name in fields)}: {rest}"


def template(kind: Kind) -> str:
    """A CSV file with the kind's columns and one row, to fill in."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    example = {_column(kind, written): value for written, value in kind.example.items()}
    names = [*example, *(field.name for field in kind.fields if field.name not in example)]
    writer.writerow(names)
    writer.writerow([example.get(name, "") for name in names])
    return text.getvalue()


def _column(kind: Kind, written: str) -> str:
    """The field that an example's header means."""
    return next((field.name for field in kind.fields if written in (field.name, *field.aliases)), written)
