"""The short form of `make chaos ONLY=asks`: a fault of each kind over a few hundred asks, judged by the mail server."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.faults.faults import KINDS
from tests.faults.house import CHECKOUT

pytestmark = pytest.mark.slow

_LAST_LINE = re.compile(
    r"faults=(?P<faults>\d+) asks=(?P<asks>\d+) duplicate=0 lost=0 suppressed=0 payouts=0 double_paid=0 "
    r"ledger_difference=0 worst_recovery_s=[\d.]+ seed=(?P<seed>\d+)"
)
_PATIENCE_S = 600


@pytest.fixture
def start(tmp_path_factory):
    """`start(*options)` begins a run in a house of its own; ended at the end whatever happens."""
    runs = []
    # The migrated database is kept there between runs.
    data = CHECKOUT / ".goodword" / f"faults-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    ours = {"DATABASE_URL", "MIGRATION_DATABASE_URL", "REDIS_URL", "GOODWORD_DATA", "GOODWORD_EMBEDDED", "SECRET_KEY"}
    environment = {name: value for name, value in os.environ.items() if name not in ours}

    def begin(*options):
        command = [sys.executable, "-m", "tests.faults", "asks", "--data", str(data), "--fast-disk", *options]
        run = subprocess.Popen(
            command, cwd=CHECKOUT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        runs.append(run)
        return run

    yield begin
    for run in runs:
        if run.poll() is None:
            run.send_signal(signal.SIGINT)
            run.wait(_PATIENCE_S)


def programs_of(run_pid):
    """Every process that was started by the run, by the name of its module."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().split(b"\0")
        except (FileNotFoundError, ProcessLookupError):
            continue
        if b"tests.faults.program" in words and _started_by(path.parent, run_pid):
            found.append(int(path.parent.name))
    return found


def _started_by(process, pid):
    try:
        # The leash of the run is the standard input of each, and of nobody else.
        return os.readlink(process / "fd" / "0") in _pipes(pid)
    except OSError:
        return False


def _pipes(pid):
    found = set()
    try:
        for path in Path(f"/proc/{pid}/fd").iterdir():
            found.add(os.readlink(path))
    except OSError:
        return found
    return found


def test_no_ask_is_doubled_lost_or_sent_to_who_unsubscribed(start):
    options = ["--seed", "11", "--asks", "200", "--rate", "16", "--faults", str(len(KINDS)), "--calm", "2"]
    run = start(*options, "--scale", "0.05", "--time-passes", "--patience", "300")
    output, _ = run.communicate(timeout=_PATIENCE_S)

    last = _LAST_LINE.fullmatch(output.strip().splitlines()[-1])
    assert last, output
    assert run.returncode == 0, output
    assert last["seed"] == "11"
    assert last["asks"] == "200"
    # A fault of the mail server that no mail met is not counted.
    assert int(last["faults"]) > len(KINDS) / 2, output


def test_a_run_that_is_broken_off_leaves_nothing_running(start):
    run = start("--seed", "1", "--asks", "200", "--rate", "1", "--faults", "0", "--calm", "300")
    until = time.monotonic() + _PATIENCE_S
    while len(programs := programs_of(run.pid)) < 4:
        assert run.poll() is None, run.communicate()[0]
        assert time.monotonic() < until
        time.sleep(0.1)

    run.send_signal(signal.SIGINT)
    output, _ = run.communicate(timeout=_PATIENCE_S)

    assert run.returncode == 130, output
    assert not [pid for pid in programs if Path(f"/proc/{pid}").exists()]
