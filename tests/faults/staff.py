"""The workers and beats of a run, as separate processes that are started and killed while it goes on."""

import contextlib
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from config.up import QUEUES
from tests.faults.house import CHECKOUT

# By queue, so that each queue of the 24-hour promise has two that consume it.
WORKERS = {"asks": "asks,default", "mail": "mail", "all": QUEUES}
_RESTART_AFTER_S = 1.0
_LAST_WORDS_S = 20
_READY_S = 120


class Program:
    """One Celery process with its pool processes; whoever harms it borrows it, so that two faults do not meet."""

    def __init__(self, name: str, arguments: list[str], *, environment: Mapping[str, str], logs: Path, leash: int):
        self.name, self._arguments, self._environment = name, arguments, environment
        self._log, self._leash = logs / f"{name}.log", leash
        self._process: subprocess.Popen[bytes] | None = None
        self._groups: list[int] = []
        self.wanted, self.deaths = False, 0
        # Not a lock of one thread: the mail server's thread may borrow what a fault's thread gives back.
        self._free = threading.Semaphore(1)

    def lend(self, *, patiently: bool = False) -> bool:
        """True where it is ours until `give_back`."""
        return self._free.acquire(blocking=patiently)

    def give_back(self) -> None:
        self._free.release()

    @contextlib.contextmanager
    def borrowed(self) -> Iterator["Program"]:
        """Wait until nobody else treats it."""
        self.lend(patiently=True)
        try:
            yield self
        finally:
            self.give_back()

    def start(self, *, shift_s: float = 0) -> None:
        """Start it, in a world `shift_s` seconds away from ours."""
        with open(self._log, "ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.program", str(shift_s), *self._arguments],
                cwd=CHECKOUT,
                env=self._environment,
                stdin=self._leash,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._groups.append(self._process.pid)
        self.wanted = True

    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def kill(self) -> None:
        """kill -9 of the whole group, orphans of earlier lives included."""
        self.wanted = False
        for group in self._groups:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(group, signal.SIGKILL)
        self._groups.clear()
        if self._process is not None:
            self._process.wait()

    def kill_parent(self) -> None:
        """kill -9 of the process that gives out the work; what its pool processes do, they finish unseen."""
        self.wanted = False
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def kill_child(self, chance: random.Random) -> bool:
        """kill -9 of one pool process; False where there is none."""
        children = self.children()
        if not children:
            return False
        with contextlib.suppress(ProcessLookupError):
            os.kill(chance.choice(children), signal.SIGKILL)
        return True

    def stop(self) -> None:
        """As an operator does: it finishes what it has begun."""
        self.wanted = False
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(_LAST_WORDS_S)
        self.kill()

    def freeze(self, *, frozen: bool) -> None:
        """Nothing of it runs, and nobody is told; or it goes on as if nothing had been."""
        for group in self._groups:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(group, signal.SIGSTOP if frozen else signal.SIGCONT)

    def children(self) -> list[int]:
        if self._process is None:
            return []
        found: list[int] = []
        for path in Path(f"/proc/{self._process.pid}/task").glob("*/children"):
            with contextlib.suppress(OSError):
                found += [int(pid) for pid in path.read_text().split()]
        return found


class Staff:
    """Three workers and as many beats as are wanted. One that ends by itself is started again, as in production."""

    def __init__(
        self,
        environment: Mapping[str, str],
        folder: Path,
        *,
        workers: Mapping[str, str] = WORKERS,
        concurrency: int = 2,
    ) -> None:
        self._environment = {**environment, "PYTHONUNBUFFERED": "1"}
        self.logs = folder
        self._their_end, self._our_end = os.pipe()
        self.workers = [
            self._program(f"worker-{name}", ["worker", "-Q", queues, "-c", str(concurrency), "-n", f"{name}@%h"])
            for name, queues in workers.items()
        ]
        self.beat = self._beat("beat")
        self._extra: list[Program] = []

    def _program(self, name: str, arguments: list[str]) -> Program:
        celery = ["--quiet", "-A", "config", *arguments, "--loglevel", "WARNING"]
        return Program(name, celery, environment=self._environment, logs=self.logs, leash=self._their_end)

    def _beat(self, name: str) -> Program:
        schedule = self.logs / f"{name}-schedule"
        return self._program(name, ["beat", "--schedule", str(schedule), "--pidfile", ""])

    def start(self) -> None:
        """Start everybody; returns when the workers have their pools. Raises TimeoutError."""
        for program in (*self.workers, self.beat):
            program.start()
        until = time.monotonic() + _READY_S
        while not all(program.children() for program in self.workers):
            if time.monotonic() > until:
                raise TimeoutError(f"The workers did not start; see {self.logs}.")
            time.sleep(0.1)

    def extra_beat(self) -> Program:
        """One more beat, not started yet."""
        beat = self._beat(f"beat-{len(self._extra) + 2}")
        self._extra.append(beat)
        return beat

    def whose(self, port: int) -> Program | None:
        """The worker that has the connection from this local port."""
        inode = _inode(port)
        for program in self.workers:
            if any(f"socket:[{inode}]" in _open_files(pid) for pid in program.children()):
                return program
        return None

    def look_after(self) -> int:
        """Start again what has ended by itself; gives how many."""
        found = 0
        for program in (*self.workers, self.beat):
            if program.wanted and not program.is_running() and program.lend():
                try:
                    if program.wanted and not program.is_running():
                        time.sleep(_RESTART_AFTER_S)
                        program.start()
                        program.deaths += 1
                        found += 1
                finally:
                    program.give_back()
        return found

    def kill_all(self) -> None:
        """Nobody is left, whatever state they were in."""
        for program in (*self.workers, self.beat, *self._extra):
            program.freeze(frozen=False)
            program.kill()

    def close(self) -> None:
        self.kill_all()
        os.close(self._our_end)
        os.close(self._their_end)


def _inode(port: int) -> str:
    """The socket of a local port, as the kernel numbers it."""
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        if fields[1].endswith(f":{port:04X}"):
            return fields[9]
    return ""


def _open_files(pid: int) -> set[str]:
    found: set[str] = set()
    with contextlib.suppress(OSError):
        for path in Path(f"/proc/{pid}/fd").iterdir():
            with contextlib.suppress(OSError):
                found.add(os.readlink(path))
    return found
