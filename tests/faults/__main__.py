"""`python -m tests.faults asks`: many asks, many faults, and a mail server that judges.

Prints what happened, and as its last line

    faults=N asks=N duplicate=N lost=N suppressed=N payouts=N double_paid=N ledger_difference=N worst_recovery_s=N ...

Exit code 0 only if nothing was doubled, lost or sent to somebody who had unsubscribed, and our tables tell the truth.
The figures of payouts are 0: this run pays nobody.
"""

import argparse
import os
import random
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.faults.house import CHECKOUT, Busy, House, open_house
from tests.faults.sink import Sink
from tests.faults.staff import Staff

_RUNS = ("asks", "scaling")


def main(argv: Sequence[str]) -> int:
    """Returns the exit code; 130 where it was broken off."""
    options = _parse(argv)
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGHUP, _leave)
    try:
        with open_house(Path(options.data).resolve(), fsync=not options.fast_disk) as house, Sink() as sink:
            os.environ.update(house.environment() | {"EMAIL_URL": sink.url, "LOG_LEVEL": "WARNING"})
            _start_django()
            return _asks(house, sink, options) if options.run == "asks" else _scaling(house, sink, options)
    except Busy as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Broken off; nothing was left running.", file=sys.stderr)
        return 130


def _parse(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__.split("\n")[0])
    parser.add_argument("run", nargs="?", default="asks", choices=_RUNS)
    parser.add_argument(
        "--seed", type=int, default=None, help="the same seed plans the same faults; default: a new one"
    )
    parser.add_argument("--asks", type=int, default=None, help="how many (asks: 50000; scaling: 3000)")
    parser.add_argument("--faults", type=int, default=1200, help="planned; counted are those that came to pass")
    parser.add_argument("--rate", type=float, default=50, help="asks that fall due in a second")
    parser.add_argument("--calm", type=float, default=60, help="seconds at the beginning without faults")
    parser.add_argument("--patience", type=float, default=1500, help="seconds the end may take")
    parser.add_argument("--scale", type=float, default=1, help="shortens the long faults, for short runs")
    parser.add_argument("--only", default="", help="kinds of faults, by comma")
    parser.add_argument("--time-passes", action="store_true", help="move leases in the database instead of waiting")
    parser.add_argument("--fast-disk", action="store_true", help="let PostgreSQL skip fsync: crashes, but no power cut")
    parser.add_argument("--data", default=str(CHECKOUT / ".goodword" / "faults"), help="data folder")
    return parser.parse_args(argv)


def _leave(*_signal: object) -> None:
    raise KeyboardInterrupt


def _start_django() -> None:
    import django

    django.setup()


def _asks(house: House, sink: Sink, options: argparse.Namespace) -> int:
    from tests.faults import report
    from tests.faults.run import Wanted, run

    wanted = Wanted(
        seed=random.SystemRandom().randrange(1_000_000) if options.seed is None else options.seed,
        asks=options.asks or 50_000,
        faults=options.faults,
        rate=options.rate,
        calm_s=options.calm,
        patience_s=options.patience,
        time_passes=options.time_passes,
        scale=options.scale,
        only=tuple(name for name in options.only.split(",") if name),
    )
    print(report.heading(wanted), flush=True)
    staff = Staff(os.environ, house.fresh_logs())
    try:
        result = run(house, staff, sink, wanted)
    finally:
        staff.close()
    for line in report.lines(result):
        print(line, flush=True)
    return 0 if result.verdict.is_clean else 1


def _scaling(house: House, sink: Sink, options: argparse.Namespace) -> int:
    from tests.faults import scaling

    for line in scaling.measure(house, sink, logs=house.fresh_logs(), count=options.asks or 3000):
        print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
