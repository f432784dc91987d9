"""Seconds and bytes as people say them."""

_UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))


def span(seconds: float) -> str:
    """ "3 minutes", in the largest unit that fits at least once, rounded down."""
    for length, name in _UNITS:
        if seconds >= length:
            number = int(seconds // length)
            return f"{number} {name}" + ("s" if number > 1 else "")
    return "less than a second"


def size(number: float) -> str:
    """ "1.5 GB", in powers of 1000 as disks are sold."""
    for unit in ("bytes", "kB", "MB", "GB"):
        if number < 1000:
            return f"{number:.3g} {unit}"
        number /= 1000
    return f"{number:.3g} TB"


def count(number: int, noun: str) -> str:
    """ "1 mail", "3 mails"."""
    return f"{number} {noun}" + ("" if number == 1 else "s")
