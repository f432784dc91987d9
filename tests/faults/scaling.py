"""How many mails a second one, two and three workers hand over, each a process of its own that consumes every queue."""

import os
import random
import time
from collections.abc import Iterator
from pathlib import Path

from django.db import connection

from config.up import QUEUES
from tests.faults import people
from tests.faults.house import House
from tests.faults.sink import Sink
from tests.faults.staff import Staff

_MOST = 3
_PATIENCE_S = 600
# The machine is measured, not the pace that receivers like.
_NO_PACE = {"MAILS_PER_MINUTE": "0", "MAILS_PER_MINUTE_AND_DOMAIN": "0"}
_LOOK_S = 0.1
# Before the first tenth the workers are starting, in the last tenth some have run out of work.
_FIRST, _LAST = 0.1, 0.9


def measure(house: House, sink: Sink, *, logs: Path, count: int) -> Iterator[str]:
    """Lines `workers asks_per_second`; all asks are due before the workers start."""
    for workers in range(1, _MOST + 1):
        house.make_database()
        sink.taken.clear()
        chance = random.Random(workers)
        people.begin(people.make_everything(chance=chance, count=count, seconds=1, workspaces=4, campaign=0))
        connection.close()
        yield f"{workers} workers: {_rate(sink, logs, workers, count):.0f} asks a second"


def _rate(sink: Sink, logs: Path, workers: int, count: int) -> float:
    everything = {str(number): QUEUES for number in range(workers)}
    staff = Staff(os.environ | _NO_PACE, logs, workers=everything, concurrency=1)
    try:
        staff.start()
        until = time.monotonic() + _PATIENCE_S
        while len(sink.taken) < count * _LAST and time.monotonic() < until:
            time.sleep(_LOOK_S)
    finally:
        staff.close()
    times = [one.at for one in sink.taken]
    first, last = int(count * _FIRST), int(count * _LAST)
    return (last - first) / (times[last - 1] - times[first])
