"""100,000 due asks of one workspace through the dispatcher, against two processes of plain smtplib with kept
connections and ready-made bytes, into the same mail server; and, in the note, against one Celery task for each mail.

The product runs as `make run` runs it: one Celery worker with two processes, and the beat. What counts is the time from
the first to the last mail in the mail server's own log. Every ask must then be "sent", with its event and its rest.
`BENCH_ASKS` makes it shorter.
"""

import os
import signal
import smtplib
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_CHECKOUT = Path(__file__).resolve().parents[2]
_ASKS = int(os.environ.get("BENCH_ASKS", "100000"))
_BASELINE = 20_000
_ONE_BY_ONE = 2_000
_PATIENCE_S = 600


def run() -> tuple[float, str]:
    """Asks handed over in a second over bare mails a second."""
    from tests.benchmarks import _asks

    slow = _one_by_one_speed(_asks.make(_ONE_BY_ONE, slug="bench-one-by-one"))
    workspace = _asks.make(_ASKS)
    before = _bare_speed()
    with sink() as port, product(port) as worker:
        memory = _wait_for_all(port, worker)
        count, first, last = taken(port)
        _must_be_settled(workspace)
    speed = count / (last - first)
    bare = (before + _bare_speed()) / 2
    note = f"of two smtplib processes with kept connections ({bare:.0f}/s), {count} asks, {speed:.0f}/s"
    note = f"{note}, {speed / slow:.1f} times one task per mail ({slow:.0f}/s)"
    return speed / bare, f"{note}, a worker process takes at most {memory / 1024:.0f} MB"


def _bare_speed() -> float:
    with sink() as port, ProcessPoolExecutor(2) as processes:
        list(processes.map(_hand_over, [port, port]))
        count, first, last = taken(port)
    return count / (last - first)


def _one_by_one_speed(workspace: Any) -> float:
    from accounts.tenancy.scope import workspace_scope
    from tests.benchmarks import _one_by_one

    with workspace_scope(workspace.pk):
        # The product's dispatcher has nothing to do with these.
        workspace.messages.update(state="sending")
        keys = list(workspace.asks.values_list("pk", flat=True))
    for key in keys:
        _one_by_one.send.delay(str(workspace.pk), str(key))
    command = [sys.executable, "-m", "celery", "--quiet", "-A", "tests.benchmarks._one_by_one", "worker"]
    with sink() as port:
        environment = {**os.environ, "EMAIL_URL": f"smtp://127.0.0.1:{port}"}
        options = ["-Q", "one_by_one", "--concurrency", "2", "--loglevel", "WARNING"]
        worker = subprocess.Popen([*command, *options], cwd=_CHECKOUT, env=environment)
        try:
            _wait_until_taken(port, len(keys))
            count, first, last = taken(port)
        finally:
            worker.send_signal(signal.SIGTERM)
            worker.wait(60)
    return count / (last - first)


def _wait_until_taken(port: int, count: int) -> None:
    until = time.monotonic() + _PATIENCE_S
    while taken(port)[0] < count:
        if time.monotonic() > until:
            raise RuntimeError(f"After {_PATIENCE_S} s the mail server has {taken(port)[0]} of {count} mails.")
        time.sleep(0.2)


def _hand_over(port: int) -> None:
    content = b"Subject: Another Head of Operations?\r\n\r\n" + b"Would you, please, think of somebody?\r\n" * 32
    with smtplib.SMTP("127.0.0.1", port, local_hostname="bench") as smtp:
        for number in range(_BASELINE):
            smtp.sendmail("ana@acme.example", [f"jamie{number}@northwind.example"], content)


@contextmanager
def sink() -> Iterator[int]:
    """A mail server that costs little; gives its port."""
    command = [sys.executable, "-m", "tests.benchmarks._sink"]
    sink = subprocess.Popen(command, cwd=_CHECKOUT, stdout=subprocess.PIPE, text=True)
    try:
        yield int(sink.stdout.readline())  # type: ignore[union-attr] # it is a pipe
    finally:
        sink.kill()
        sink.wait()


@contextmanager
def product(port: int) -> Iterator[subprocess.Popen]:
    """The worker and the beat, handing over at this port; gives the worker."""
    environment = {**os.environ, "EMAIL_URL": f"smtp://127.0.0.1:{port}"}
    celery = [sys.executable, "-m", "celery", "--quiet", "-A", "config"]
    queues = ["-Q", "asks,mail,webhooks,money,bulk,default"]
    with tempfile.TemporaryDirectory() as folder:
        commands = [
            [*celery, "worker", *queues, "--concurrency", "3", "--loglevel", "WARNING"],
            [*celery, "beat", "--schedule", f"{folder}/schedule", "--pidfile", "", "--loglevel", "WARNING"],
        ]
        programs = [subprocess.Popen(command, cwd=_CHECKOUT, env=environment) for command in commands]
        try:
            yield programs[0]
        finally:
            for program in programs:
                program.send_signal(signal.SIGTERM)
            for program in programs:
                program.wait(60)


def _wait_for_all(port: int, worker: subprocess.Popen) -> int:
    """Wait until the mail server has all; gives the most memory a process of the worker took, in kB."""
    until, memory = time.monotonic() + _PATIENCE_S, 0
    while taken(port)[0] < _ASKS:
        if time.monotonic() > until:
            raise RuntimeError(f"After {_PATIENCE_S} s the mail server has {taken(port)[0]} of {_ASKS} asks.")
        memory = max(memory, *(_peak(pid) for pid in _family(worker.pid)))
        time.sleep(0.5)
    return memory


def taken(port: int) -> tuple[int, float, float]:
    """How many mails the server took, and when the first and the last."""
    with smtplib.SMTP("127.0.0.1", port, local_hostname="bench") as smtp:
        _code, words = smtp.docmd("XSTAT")
    count, first, last = words.split()
    return int(count), float(first), float(last)


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *map(int, children)]


def _peak(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM")), 0)


def _must_be_settled(workspace: object) -> None:
    """Raises RuntimeError unless every ask was settled: sent, with its event, and its contact left alone."""
    from accounts.events.models import Event
    from accounts.tenancy.scope import workspace_scope

    until = time.monotonic() + 60
    while time.monotonic() < until:
        with workspace_scope(workspace.pk):  # type: ignore[attr-defined]
            sent = workspace.asks.filter(state="sent", reminder_due_at__isnull=False).count()  # type: ignore[attr-defined]
            told = Event.objects.filter(workspace=workspace, type="ask.sent").count()
            resting = workspace.rests.filter(reason="silence").count()  # type: ignore[attr-defined]
        if sent == told == resting == _ASKS:
            return
        time.sleep(1)
    raise RuntimeError(f"Of {_ASKS} asks {sent} are sent, {told} told, {resting} rest.")
