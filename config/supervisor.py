"""Keeps a few long-running programs alive together, and ends them together.

Only the program itself is signalled, never its process group: a Celery worker finishes its tasks when it is told to
stop, but its pool processes, told the same, would drop theirs. One thread and no helpers, so forking is safe.
"""

import contextlib
import ctypes
import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 30.0
HEALTHY_AFTER_SECONDS = 60.0
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Program:
    """A command to keep running, and the name in front of its lines."""

    name: str
    command: Sequence[str]


@dataclass
class _Run:
    program: Program
    process: subprocess.Popen[bytes] | None = None
    output: int | None = None
    started_at: float = 0.0
    due_at: float = 0.0
    pause: float = FIRST_PAUSE_SECONDS
    rest: bytes = field(default=b"", repr=False)


class Supervisor:
    """Runs programs until SIGINT, SIGTERM or SIGHUP; a program that ends by itself is started again.

    `grace` is how long, in seconds, a program may take to stop. `on_tick` is called several times a second.
    """

    def __init__(
        self,
        programs: Sequence[Program],
        *,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        grace: float = 20.0,
        first_pause: float = FIRST_PAUSE_SECONDS,
        on_tick: Callable[[], None] = lambda: None,
        out: TextIO = sys.stdout,
    ) -> None:
        self._runs = [_Run(program, pause=first_pause) for program in programs]
        self._env, self._cwd, self._grace, self._first_pause = env, cwd, grace, first_pause
        self._on_tick, self._out = on_tick, out
        self._selector = selectors.DefaultSelector()
        self._stops = 0

    def run(self) -> None:
        """Start everything, keep it running, and return when all of it has ended. Call it from the main thread."""
        with self._signals():
            try:
                while not self._stops:
                    self._start_due()
                    self._tick()
            finally:
                self._stop_all()

    @contextlib.contextmanager
    def _signals(self) -> Iterator[None]:
        # The wake-up socket ends the wait at once when a signal, or the end of a child, arrives.
        reader, writer = socket.socketpair()
        for end in (reader, writer):
            end.setblocking(False)
        self._selector.register(reader, selectors.EVENT_READ)
        previous_fd = signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
        previous = {number: signal.signal(number, self._request_stop) for number in STOP_SIGNALS}
        previous[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda *_: None)
        try:
            yield
        finally:
            for number, handler in previous.items():
                signal.signal(number, handler)
            signal.set_wakeup_fd(previous_fd)
            self._selector.close()
            reader.close()
            writer.close()

    def _request_stop(self, *_signal: object) -> None:
        self._stops += 1

    def _start_due(self) -> None:
        for run in self._runs:
            if run.process is None and time.monotonic() >= run.due_at:
                self._start(run)

    def _start(self, run: _Run) -> None:
        run.output, theirs = os.pipe()
        run.process = subprocess.Popen(
            run.program.command,
            env=self._env,
            cwd=self._cwd,
            stdin=subprocess.DEVNULL,
            stdout=theirs,
            stderr=subprocess.STDOUT,
            # The program holds the reading end too: if we are killed, its last words must not meet a broken pipe,
            # which would break off Celery's warm shutdown.
            pass_fds=(run.output,),
            start_new_session=True,
            preexec_fn=_end_with(os.getpid()),  # noqa: PLW1509 -- this process has one thread
        )
        os.close(theirs)
        os.set_blocking(run.output, False)
        run.started_at = time.monotonic()
        self._selector.register(run.output, selectors.EVENT_READ, run)

    def _tick(self) -> None:
        for key, _events in self._selector.select(timeout=0.2):
            if isinstance(key.data, _Run):
                self._copy_output(key.data)
            else:
                key.fileobj.recv(4096)  # type: ignore[union-attr] # the wake-up socket
        for run in self._runs:
            if run.process is not None and run.process.poll() is not None:
                self._bury(run)
        self._on_tick()

    def _copy_output(self, run: _Run) -> None:
        if run.output is None:
            return
        try:
            chunk = os.read(run.output, 65536)
        except BlockingIOError:
            return
        if not chunk:
            self._close_output(run)
        *lines, run.rest = (run.rest + chunk).split(b"\n")
        for line in lines:
            self._say(run, line)

    def _close_output(self, run: _Run) -> None:
        if run.output is not None:
            self._selector.unregister(run.output)
            os.close(run.output)
            run.output = None

    def _bury(self, run: _Run) -> None:
        """Collect a program that has ended, with what it left behind, and plan the next start."""
        assert run.process is not None
        code, lived = run.process.returncode, time.monotonic() - run.started_at
        _kill_group(run.process.pid)
        self._copy_output(run)
        if run.rest:
            self._say(run, run.rest)
        self._close_output(run)
        run.process, run.rest = None, b""
        if self._stops:
            return
        if lived >= HEALTHY_AFTER_SECONDS:
            run.pause = self._first_pause
        print(
            f"{run.program.name} ended with {code}; starting it again in {run.pause:g} s", file=sys.stderr, flush=True
        )
        run.due_at = time.monotonic() + run.pause
        run.pause = min(run.pause * 2, LONGEST_PAUSE_SECONDS)

    def _stop_all(self) -> None:
        self._stops = max(self._stops, 1)
        self._on_tick = lambda: None
        for run in self._running():
            run.process.terminate()  # type: ignore[union-attr]
        deadline, asked = time.monotonic() + self._grace, self._stops
        # A second Ctrl-C means now.
        while self._running() and time.monotonic() < deadline and self._stops == asked:
            self._tick()
        for run in self._running():
            assert run.process is not None
            print(f"{run.program.name} did not stop in time and is killed", file=sys.stderr, flush=True)
            run.process.kill()
            run.process.wait()
            self._bury(run)

    def _running(self) -> list[_Run]:
        return [run for run in self._runs if run.process is not None]

    def _say(self, run: _Run, line: bytes) -> None:
        width = max(len(each.program.name) for each in self._runs)
        print(f"{run.program.name:<{width}} | {line.decode(errors='replace')}", file=self._out, flush=True)


def _kill_group(pid: int) -> None:
    # Its leader has ended, so nobody is left to look after the rest of the group.
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


def _end_with(parent: int) -> Callable[[], None] | None:
    """For the new child: be asked to stop by the kernel when we die, even by kill -9, which we could not act on.

    The child then ends its own children. Elsewhere than on Linux the kernel has no such promise.
    """
    if LIBC is None:
        return None

    def ask_the_kernel() -> None:
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)  # the parent died before the kernel was asked

    return ask_the_kernel
