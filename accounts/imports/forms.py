"""What people say of a file: which it is, which column tells what, how it is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms

from accounts.imports import registry
from accounts.imports.actions import DATE_ORDERS
from accounts.imports.plans import GUESSED
from accounts.imports.registry import Kind
from accounts.tenancy import money

ENCODINGS = [
    ("utf-8", "UTF-8"),
    ("utf-8-sig", "UTF-8 with a mark (Excel)"),
    ("cp1252", "Western (Windows-1252)"),
    ("utf-16", "UTF-16 with a mark"),
    ("utf-16-le", "UTF-16, low byte first"),
    ("utf-16-be", "UTF-16, high byte first"),
]
DELIMITERS = [(",", "comma"), (";", "semicolon"), ("\t", "tab"), ("|", "bar")]
DATE_WORDS = {"iso": "The year first", "day_first": "The day first", "month_first": "The month first"}
MARK_WORDS = {".": "1,234.56", ",": "1.234,56"}
NOT_READ, AS_IT_IS = "", "attribute"


def kind_choices() -> list[tuple[str, str]]:
    return [(kind.name, kind.name.capitalize()) for kind in registry.in_order()]


class StartForm(forms.Form):
    """A file, or its text pasted."""

    file = forms.FileField(
        required=False,
        label="A CSV file",
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv"}),
    )
    pasted = forms.CharField(
        required=False,
        strip=False,
        label="Or paste the rows, headers first",
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
    )
    kind = forms.ChoiceField(
        required=False, label="What the rows are", help_text="Left open, the headers say it, and you can change it."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", "Let the headers say"), *kind_choices()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        if not self.errors and not told.get("file") and not told.get("pasted", "").strip():
            self.add_error("file", "Choose a file, or paste some rows below.")
        return told


class WrittenForm(forms.Form):
    """How the bytes are written, where the guess was wrong."""

    encoding = forms.ChoiceField(choices=ENCODINGS, label="Letters")
    delimiter = forms.ChoiceField(choices=DELIMITERS, label="Between the columns")


@dataclass
class ColumnChoices:
    """What somebody said of each column, and what is wrong with it. Keys are positions of columns."""

    kind: Kind
    header: Sequence[str]
    columns: dict[str, int] = field(default_factory=dict)
    attributes: dict[int, str] = field(default_factory=dict)
    chosen_formats: dict[str, dict[str, str]] = field(default_factory=dict)
    currency: str = ""
    errors: dict[int, str] = field(default_factory=dict)
    currency_error: str = ""

    @classmethod
    def of_post(cls, kind: Kind, header: Sequence[str], post: Mapping[str, str]) -> "ColumnChoices":
        """What was sent, as far as it makes sense; `errors` say the rest beside each column."""
        choices = cls(kind, header, currency=post.get("currency", "").strip().upper())
        for at in range(len(header)):
            choices._read(at, post.get(f"column_{at}", ""), post.get(f"format_{at}", ""))
        try:
            money.decimals(choices.currency)
        except money.MoneyError as error:
            choices.currency_error = str(error)
        return choices

    @property
    def is_sound(self) -> bool:
        return not self.errors and not self.currency_error

    def _read(self, at: int, told: str, form: str) -> None:
        if told == AS_IT_IS and self.kind.keeps_attributes:
            self.attributes[at] = self.header[at][:100] or f"column {at + 1}"
        elif self.kind.field(told):
            if told in self.columns:
                first = self.header[self.columns[told]] or f"column {self.columns[told] + 1}"
                self.errors[at] = f"“{first}” tells this already."
                return
            self.columns[told] = at
            chosen = _format(self.kind, told, form)
            if chosen:
                self.chosen_formats[told] = chosen


def _format(kind: Kind, name: str, told: str) -> dict[str, str]:
    found = kind.field(name)
    guessed = GUESSED.get(found.type) if found else None
    if guessed == "date" and told in DATE_ORDERS:
        return {"date_order": told}
    if guessed == "number" and told in MARK_WORDS:
        return {"decimal_mark": told}
    return {}
