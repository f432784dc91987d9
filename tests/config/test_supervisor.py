"""Little Python programs under a supervisor in its own process, watched from outside."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from config import supervisor

CHECKOUT = Path(supervisor.__file__).parents[1]
HARNESS = """
import sys
from config.supervisor import Program, Supervisor
programs = [Program(name, [sys.executable, "-u", "-c", code]) for name, code in zip(sys.argv[2::2], sys.argv[3::2])]
Supervisor(programs, grace=float(sys.argv[1]), first_pause=0.05).run()
print("all ended", flush=True)
"""
# A parent with a child, each telling who got TERM; the parent ends only after its child has.
FAMILY = """
import os, signal, subprocess, sys
child = subprocess.Popen([sys.executable, "-u", "-c", '''
import signal, time
signal.signal(signal.SIGTERM, lambda *_: print("child got TERM"))
print("child ready")
time.sleep(1e6)
'''])
def stop(*_):
    print("parent got TERM")
    child.kill(); child.wait(); sys.exit(0)
signal.signal(signal.SIGTERM, stop)
print("family", os.getpid(), child.pid)
signal.pause()
"""
DEAF_FAMILY = """
import os, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1e6)"])
print("family", os.getpid(), child.pid)
time.sleep(1e6)
"""
SHORT_LIVED = """
import os, subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1e6)"])
print("family", os.getpid(), child.pid)
sys.exit(3)
"""


class Harness:
    def __init__(self, *programs, grace=5):
        arguments = [part for program in programs for part in program]
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-c", HARNESS, str(grace), *arguments],
            cwd=CHECKOUT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.lines = []

    def read_until(self, *patterns):
        """Read lines until each pattern has been met once; returns their first groups."""
        found = {}
        while len(found) < len(patterns):
            line = self.process.stdout.readline()
            assert line, f"ended early: {self.lines}"
            self.lines.append(line.strip())
            for pattern in patterns:
                if pattern not in found and (match := re.search(pattern, line)):
                    found[pattern] = match
        return [found[pattern] for pattern in patterns]

    def stop(self, number=signal.SIGTERM):
        """Signal the supervisor and collect the rest; returns its exit code."""
        self.process.send_signal(number)
        rest, _ = self.process.communicate(timeout=20)
        self.lines += rest.splitlines()
        return self.process.returncode


@pytest.fixture
def harness():
    started = []

    def start(*programs, **options):
        started.append(Harness(*programs, **options))
        return started[-1]

    yield start
    for each in started:
        if each.process.poll() is None:
            each.process.kill()
            each.process.communicate()


def is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_until_gone(*pids):
    deadline = time.monotonic() + 10
    while any(is_alive(pid) for pid in pids):
        assert time.monotonic() < deadline, f"still alive: {[pid for pid in pids if is_alive(pid)]}"
        time.sleep(0.02)


def pids(match):
    return [int(number) for number in match.groups()]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_stop_asks_only_the_parent_and_leaves_nothing(harness, number):
    run = harness(("web", FAMILY), ("worker", FAMILY))
    web, worker, *_ = run.read_until(
        r"web .*family (\d+) (\d+)", r"worker .*family (\d+) (\d+)", r"web .*child ready", r"worker .*child ready"
    )

    code = run.stop(number)

    assert code == 0
    assert sorted(line for line in run.lines if "TERM" in line) == [
        "web    | parent got TERM",
        "worker | parent got TERM",
    ]
    assert run.lines[-1] == "all ended"
    wait_until_gone(*pids(web), *pids(worker))


def test_a_program_that_dies_is_started_again_with_growing_pauses(harness):
    run = harness(("web", FAMILY), ("beat", SHORT_LIVED))

    run.read_until(*[rf"beat ended with 3; starting it again in {pause} s" for pause in (0.05, 0.1, 0.2)])

    families = [pids(match) for line in run.lines if (match := re.search(r"beat .*family (\d+) (\d+)", line))]
    assert run.stop() == 0
    assert len({parent for parent, _child in families}) >= 3
    wait_until_gone(*[pid for family in families for pid in family])


def test_a_killed_program_is_replaced_and_its_orphan_removed(harness):
    run = harness(("web", FAMILY))
    (first,) = run.read_until(r"family (\d+) (\d+)")

    os.kill(pids(first)[0], signal.SIGKILL)
    _ended, second = run.read_until(r"web ended with -9", r"family (\d+) (\d+)")

    assert pids(second)[0] != pids(first)[0]
    wait_until_gone(*pids(first))
    assert run.stop() == 0
    wait_until_gone(*pids(second))


def test_a_program_deaf_to_the_stop_is_killed_with_its_children_after_the_grace(harness):
    run = harness(("worker", DEAF_FAMILY), grace=0.5)
    (family,) = run.read_until(r"family (\d+) (\d+)")

    code = run.stop()

    assert code == 0
    assert run.lines[-2:] == ["worker did not stop in time and is killed", "all ended"]
    wait_until_gone(*pids(family))


def test_a_second_signal_does_not_wait_for_the_grace(harness):
    run = harness(("worker", DEAF_FAMILY), grace=60)
    (family,) = run.read_until(r"family (\d+) (\d+)")
    run.process.send_signal(signal.SIGINT)
    time.sleep(0.5)

    code = run.stop(signal.SIGINT)

    assert code == 0
    wait_until_gone(*pids(family))


@pytest.mark.skipif(sys.platform != "linux", reason="needs the kernel's parent-death signal")
def test_programs_end_when_the_supervisor_is_killed(harness):
    run = harness(("web", FAMILY))
    family, _ready = run.read_until(r"family (\d+) (\d+)", "child ready")

    run.process.kill()

    wait_until_gone(*pids(family))


def test_the_last_words_of_a_program_are_shown_even_without_a_line_end(harness):
    # One write, so that the stop cannot come between the two.
    run = harness(("web", r"import os, signal; os.write(1, b'here\nbye'); signal.pause()"))
    run.read_until("here")

    run.stop()

    assert run.lines == ["web | here", "web | bye", "all ended"]
