"""One worker or beat: `python -m tests.faults.program SHIFT_S ...` runs `celery ...` in a world SHIFT_S seconds away.

It ends with the run, however the run ends: the other end of its standard input is held by nobody else.
"""

import datetime
import os
import signal
import sys
import threading

import time_machine


def main(shift_s: float, arguments: list[str]) -> None:
    """Celery with a shifted clock, its pool processes included. Monotonic time stays as it is."""
    threading.Thread(target=_end_with_the_run, daemon=True).start()
    if shift_s:
        there = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=shift_s)
        time_machine.travel(there, tick=True).start()
    from celery.__main__ import main as celery

    sys.argv = ["celery", *arguments]
    celery()


def _end_with_the_run() -> None:
    os.read(0, 1)
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    main(float(sys.argv[1]), sys.argv[2:])
