"""What an import did, in sentences."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

SHOWN = 10


@dataclass
class Report:
    """Counts of one import. `stored` counts (noun, "new" or "changed"); `notes` are sentences with how often."""

    kind: str
    dry_run: bool
    rows_in: int = 0
    rows_refused: int = 0
    stored: Counter[tuple[str, str]] = field(default_factory=Counter)
    said: list[str] = field(default_factory=list)
    notes: Counter[str] = field(default_factory=Counter)
    first_refused: list[tuple[int, str]] = field(default_factory=list)
    refused_path: Path | None = None

    def refuse(self, line: int, reason: str) -> None:
        self.rows_refused += 1
        if len(self.first_refused) < SHOWN:
            self.first_refused.append((line, reason))

    def lines(self) -> list[str]:
        """The report as a person reads it."""
        start = "Tried without changing anything" if self.dry_run else "Imported"
        lines = [f"{start}: {_rows(self.rows_in)} of {self.kind} in, {self.rows_refused:,} refused."]
        for noun in dict.fromkeys(noun for noun, _how in self.stored):
            new, changed = self.stored[noun, "new"], self.stored[noun, "changed"]
            lines.append(f"  {noun}: {new:,} new, {changed:,} updated.")
        lines += [f"  {sentence}" for sentence in self.said]
        lines += [f"  {count:,} × {note}" if count > 1 else f"  {note}" for note, count in self.notes.items()]
        lines += [f"  Line {line}: {reason}" for line, reason in self.first_refused]
        if self.rows_refused > len(self.first_refused):
            lines.append(f"  ... and {self.rows_refused - len(self.first_refused):,} more.")
        if self.refused_path:
            lines.append(f"  The refused rows are in {self.refused_path}; correct them there and import that file.")
        return lines


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"
