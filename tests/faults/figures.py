"""How long it took: from due to accepted, and from the end of a fault to the next mail. Pure."""

import bisect
import itertools
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tests.faults.people import Posted
from tests.faults.sink import Taken


@dataclass(frozen=True, slots=True)
class Happened:
    """One fault that came to pass; times are seconds since the epoch."""

    kind: str
    begun: float
    over: float


def latencies(
    posted: Sequence[Posted], taken: Sequence[Taken], *, beginning: float, since: float, until: float
) -> list[float]:
    """From due to accepted, in seconds, of the asks due between `since` and `until` (after the beginning), sorted."""
    at = {one.message_id: one.at for one in reversed(taken)}
    return sorted(
        max(0.0, at[one.message_id] - beginning - one.due_in)
        for one in posted
        if one.ask and since <= one.due_in < until and one.message_id in at
    )


def recoveries(
    happened: Iterable[Happened], posted: Sequence[Posted], taken: Sequence[Taken], *, beginning: float
) -> Mapping[str, list[float]]:
    """By kind: seconds from the end of a fault, or from the first mail due after it, to the next accepted mail."""
    due = {one.message_id: beginning + one.due_in for one in posted}
    ours = [one for one in taken if one.message_id in due]
    times = [one.at for one in ours]
    found: dict[str, list[float]] = defaultdict(list)
    for fault in happened:
        position = bisect.bisect_right(times, fault.over)
        if position < len(ours):
            one = ours[position]
            found[fault.kind].append(one.at - max(fault.over, due[one.message_id]))
    return {name: sorted(max(0.0, one) for one in values) for name, values in found.items()}


def share(values: Sequence[float], part: float) -> float:
    """The value below which `part` of the sorted ones lie; 0 without any."""
    return values[min(len(values) - 1, int(len(values) * part))] if values else 0.0


def silences(
    happened: Iterable[Happened], taken: Sequence[Taken], *, beginning: float, until: float, most: int
) -> list[tuple[float, float, list[str]]]:
    """The longest times without an accepted mail: begun (seconds after the beginning), length, and what happened then.

    What was still going on when a silence began belongs to it.
    """
    times = [beginning, *(one.at for one in taken if beginning <= one.at <= until), until]
    gaps = sorted(((later - earlier, earlier) for earlier, later in itertools.pairwise(times)), reverse=True)[:most]
    return [
        (
            earlier - beginning,
            length,
            [one.kind for one in happened if one.begun < earlier + length and one.over > earlier - 1],
        )
        for length, earlier in gaps
    ]
