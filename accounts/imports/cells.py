"""Cells on their way out to a spreadsheet, and back."""

import re

_NUMBER = re.compile(r"[-+]?[0-9][0-9.,' ]*")
# The columns in front of the file's own.
ADDED = ("line", "reason")
# The fullwidth ones are formulas to a Japanese Excel.
_FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def safe_cell(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    risky = text.lstrip().startswith(_FORMULA) or text.startswith(("\t", "\r", "\n"))
    return f"'{text}" if risky and not _NUMBER.fullmatch(text.strip()) else text


def bare_cell(text: str) -> str:
    """The cell that `safe_cell` marked."""
    return text[1:] if text.startswith("'") and safe_cell(text[1:]) == text else text
