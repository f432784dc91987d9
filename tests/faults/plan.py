"""Which fault comes when: everything follows from the seed."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from tests.faults.faults import KINDS


@dataclass(frozen=True, slots=True)
class Planned:
    """`at` is in seconds after the beginning; `chance` decides the details."""

    at: float
    kind: str
    chance: random.Random


def make(*, seed: int, count: int, first: float, last: float, only: Sequence[str] = ()) -> list[Planned]:
    """Spread `count` faults over the time between; of each kind at least one, if there are enough of them."""
    chance = random.Random(seed)
    shares = {name: share for name, (share, _fault) in KINDS.items() if not only or name in only}
    names = list(shares)[:count]
    names += chance.choices(list(shares), weights=list(shares.values()), k=count - len(names))
    chance.shuffle(names)
    hours = sorted(chance.uniform(first, last) for _name in names)
    return [
        Planned(at, name, random.Random(f"{seed}:{number}"))
        for number, (at, name) in enumerate(zip(hours, names, strict=True))
    ]
