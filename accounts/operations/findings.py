"""What a check has to say."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    OK = "ok"
    UNKNOWN = "unknown"  # it could not be looked at
    WARNING = "warning"  # it works, and somebody should look at it
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence about one thing, and for what is not well another one: what to do."""

    level: Level
    says: str
    do: str = ""


def ok(says: str) -> Finding:
    return Finding(Level.OK, says)


def unknown(says: str, do: str = "") -> Finding:
    return Finding(Level.UNKNOWN, says, do)


def warning(says: str, do: str) -> Finding:
    return Finding(Level.WARNING, says, do)


def wrong(says: str, do: str) -> Finding:
    return Finding(Level.WRONG, says, do)
