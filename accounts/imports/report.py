"""What an import did, in sentences."""

import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

SHOWN = 10
# Beyond so many different reasons the rest is counted together.
MOST_REASONS = 50
_QUOTED = re.compile(r"“[^”]*”")
OTHER_REASONS = "Other reasons."


class RefusedLine(NamedTuple):
    """A row that was not taken: where it ends in the file, why, and what it said."""

    line: int
    reason: str
    cells: list[str]


@dataclass
class Report:
    """Counts of one import, or of one chunk of it.

    `stored` counts (noun, "new", "changed" or "same": a known one told nothing new); `notes` are sentences with how
    often; `reasons` counts why rows were refused, without the values; `refused` has the rows, in a chunk only.
    """

    kind: str
    dry_run: bool
    rows_in: int = 0
    rows_refused: int = 0
    stored: Counter[tuple[str, str]] = field(default_factory=Counter)
    said: list[str] = field(default_factory=list)
    notes: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    first_refused: list[tuple[int, str]] = field(default_factory=list)
    refused: list[RefusedLine] = field(default_factory=list)
    refused_path: Path | None = None

    def refuse(self, line: int, reason: str, cells: list[str]) -> None:
        self.rows_refused += 1
        self._count_reason(_QUOTED.sub("“…”", reason), 1)
        if len(self.first_refused) < SHOWN:
            self.first_refused.append((line, reason))
        self.refused.append(RefusedLine(line, reason, cells))

    def add(self, chunk: "Report") -> None:
        """Count what a chunk did; its refused rows are not kept."""
        self.rows_in += chunk.rows_in
        self.rows_refused += chunk.rows_refused
        self.stored.update(chunk.stored)
        self.notes.update(chunk.notes)
        for reason, count in chunk.reasons.items():
            self._count_reason(reason, count)
        self.said += [sentence for sentence in chunk.said if sentence not in self.said]
        self.first_refused += chunk.first_refused[: SHOWN - len(self.first_refused)]

    def _count_reason(self, reason: str, count: int) -> None:
        known = reason in self.reasons or len(self.reasons) < MOST_REASONS
        self.reasons[reason if known else OTHER_REASONS] += count

    @property
    def nouns(self) -> list[tuple[str, int, int, int]]:
        """(noun, new, known, and of these as they were) of everything stored, in the order it came."""
        names = dict.fromkeys(noun for noun, _how in self.stored)
        count = self.stored
        return [(noun, count[noun, "new"], count[noun, "changed"], count[noun, "same"]) for noun in names]

    @property
    def rows_read(self) -> int:
        return self.rows_in + self.rows_refused

    @property
    def reasons_by_count(self) -> list[tuple[str, int]]:
        """Why rows were refused, the commonest first."""
        return self.reasons.most_common()

    @property
    def notes_counted(self) -> list[tuple[str, int]]:
        return list(self.notes.items())

    @property
    def sentence(self) -> str:
        """What it came to, in one sentence."""
        verb = "would come in" if self.dry_run else ("is in" if self.rows_in == 1 else "are in")
        refused = f", {self.rows_refused:,} refused" if self.rows_refused else ""
        return f"{_rows(self.rows_in)} of {self.kind} {verb}{refused}."

    def lines(self) -> list[str]:
        """The report as a person reads it."""
        start = "Tried without changing anything" if self.dry_run else "Imported"
        lines = [f"{start}: {_rows(self.rows_in)} of {self.kind} in, {self.rows_refused:,} refused."]
        lines += [f"  {noun}: {new:,} new, {changed:,} updated." for noun, new, changed, _same in self.nouns]
        lines += [f"  {sentence}" for sentence in self.said]
        lines += [f"  {count:,} × {note}" if count > 1 else f"  {note}" for note, count in self.notes.items()]
        lines += [f"  Line {line}: {reason}" for line, reason in self.first_refused]
        if self.rows_refused > len(self.first_refused):
            lines.append(f"  ... and {self.rows_refused - len(self.first_refused):,} more.")
        if self.refused_path:
            lines.append(f"  The refused rows are in {self.refused_path}; correct them there and import that file.")
        return lines

    def to_json(self) -> dict[str, Any]:
        """What is kept of it in a row."""
        return {
            "rows_in": self.rows_in,
            "rows_refused": self.rows_refused,
            "stored": [[noun, how, count] for (noun, how), count in self.stored.items()],
            "said": self.said,
            "notes": self.notes,
            "reasons": self.reasons,
            "first_refused": self.first_refused,
        }

    @classmethod
    def of_json(cls, kind: str, kept: dict[str, Any], *, dry_run: bool) -> "Report":
        """The report that `to_json` wrote; an empty one for nothing."""
        report = cls(kind, dry_run)
        if kept:
            report.rows_in, report.rows_refused = kept["rows_in"], kept["rows_refused"]
            report.stored = Counter({(noun, how): count for noun, how, count in kept["stored"]})
            report.said, report.notes = kept["said"], Counter(kept["notes"])
            report.reasons = Counter(kept["reasons"])
            report.first_refused = [(line, reason) for line, reason in kept["first_refused"]]
        return report


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"
