"""What a run has shown, as lines of text."""

import importlib.metadata
import os
import platform
import subprocess
from collections import Counter
from collections.abc import Iterator, Sequence

from django.db import connection

from tests.faults import figures
from tests.faults.house import CHECKOUT
from tests.faults.judge import ALLOWANCE_S
from tests.faults.run import Result, Wanted

_MOST_SHOWN = 10
_SILENCES = 5


def heading(wanted: Wanted) -> str:
    """Which run this is, and where."""
    versions = [f"{name} {importlib.metadata.version(name)}" for name in ("django", "celery", "kombu", "redis")]
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        versions.append(f"PostgreSQL {cursor.fetchone()[0]}")
    return (
        f"seed {wanted.seed}, commit {_commit()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"{', '.join(versions)}\n{wanted.asks} asks and {wanted.asks // 10} campaign mails of {wanted.workspaces} "
        f"workspaces over {wanted.seconds:.0f} s, 3 workers, {wanted.faults} faults after {wanted.calm_s:.0f} s of calm"
    )


def lines(result: Result) -> Iterator[str]:
    """The report; its last line is the one other programs read."""
    recoveries = figures.recoveries(result.happened, result.posted, result.taken, beginning=result.beginning)
    yield from _kinds(result, recoveries)
    yield from _latencies(result)
    yield from _ends(result)
    for name, found in result.verdict.findings.items():
        yield f"{name.upper()}: {len(found)}"
        yield from (f"  {sentence}" for sentence in found[:_MOST_SHOWN])
    worst = max((values[-1] for values in recoveries.values() if values), default=0.0)
    count, wanted = result.verdict.count, result.wanted
    yield (
        f"faults={len(result.happened)} asks={wanted.asks} duplicate={count('duplicate')} lost={count('lost')} "
        f"suppressed={count('suppressed')} payouts=0 double_paid=0 ledger_difference=0 "
        f"worst_recovery_s={worst:.1f} seed={wanted.seed}"
    )


def _kinds(result: Result, recoveries: dict[str, list[float]]) -> Iterator[str]:
    yield f"{'fault':<26}{'count':>6}{'recovery p50 s':>16}{'max s':>8}"
    for name, count in sorted(Counter(one.kind for one in result.happened).items()):
        values = recoveries.get(name, [])
        yield f"{name:<26}{count:>6}{figures.share(values, 0.5):>16.2f}{values[-1] if values else 0:>8.2f}"
    if result.missed:
        yield f"came to nothing (no mail came by): {dict(Counter(result.missed))}"
    yield f"processes that ended by themselves and were started again: {result.deaths}"


def _latencies(result: Result) -> Iterator[str]:
    calm, end = result.wanted.calm_s, result.wanted.seconds
    for name, since, until in (("no fault", 0.0, calm), ("under fault", calm, end)):
        values = figures.latencies(result.posted, result.taken, beginning=result.beginning, since=since, until=until)
        yield f"due to accepted, {name}: n {len(values)}, {_spread(values)}"
    until = result.beginning + end
    for at, length, kinds in figures.silences(
        result.happened, result.taken, beginning=result.beginning, until=until, most=_SILENCES
    ):
        told = [f"{count} {name}" for name, count in Counter(kinds).most_common()]
        yield f"silence of {length:.1f} s, {at:.0f} s after the beginning: {', '.join(told) or 'no fault'}"
    yield f"all settled {result.settled_after_s:.0f} s after the last was due"


def _ends(result: Result) -> Iterator[str]:
    for name, count in sorted(result.verdict.ends.items()):
        yield f"{name}: {count}"
    late = sorted(result.verdict.late_unsubscribes)
    yield f"changed their mind: {dict(result.races)}"
    yield (
        f"accepted after the unsubscribe was committed, within the allowance of {ALLOWANCE_S:.0f} s: {len(late)}, "
        f"the latest {late[-1] if late else 0:.2f} s after it"
    )


def _spread(values: Sequence[float]) -> str:
    parts = (("p50", 0.5), ("p99", 0.99), ("max", 1.0))
    return ", ".join(f"{name} {figures.share(values, part):.1f} s" for name, part in parts)


def _commit() -> str:
    found = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    return found.stdout.strip() or "unknown"
