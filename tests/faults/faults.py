"""What can go wrong, one function for each kind: it does the harm, undoes it, and gives the instant the harm was over.

None says that it did not come to it, for example because no mail came by: such a fault is not counted.
"""

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from tests.faults.house import House
from tests.faults.sink import STEPS, Blow, Sink
from tests.faults.staff import Program, Staff

CLOCKS_DIFFER_S = 7200
# How long a mail may take to come by.
_MOMENT_S = 20.0
_LONG_S = 60.0
# Connections are kept: a new one seldom comes by.
_INSIDE = STEPS[1:]
_LONGER_THAN_ANYBODY_WAITS_S = 40.0
# A few ticks.
_TAKEN_FOR_DEAD_S = 6.0


@dataclass
class Field:
    """Everything that can be harmed. `scale` shortens the long faults of a short run."""

    house: House
    staff: Staff
    sink: Sink
    scale: float = 1.0
    stopped: threading.Event = field(default_factory=threading.Event)
    postgres: threading.RLock = field(default_factory=threading.RLock)
    valkey: threading.RLock = field(default_factory=threading.RLock)
    server: threading.RLock = field(default_factory=threading.RLock)

    def pause(self, seconds: float) -> None:
        """Let the harm last; over at once when the run is broken off."""
        self.stopped.wait(seconds)

    @contextmanager
    def worker(self, chance: random.Random) -> Iterator[Program]:
        """One of the workers, which nobody else harms meanwhile."""
        program = chance.choice(self.staff.workers)
        with program.borrowed():
            yield program

    @contextmanager
    def worker_at_a_moment(self, chance: random.Random, act: Callable[[Program], object]) -> Iterator[Program]:
        """Do it to one of the workers now, or, every second time, to the one in the middle of a conversation."""
        if chance.random() < 0.5:
            with self.worker(chance) as program:
                act(program)
                yield program
        else:
            with self.talking_worker(chance, act) as found:
                if found is None:
                    with self.worker(chance) as program:
                        act(program)
                        yield program
                else:
                    yield found

    @contextmanager
    def talking_worker(self, chance: random.Random, act: Callable[[Program], object]) -> Iterator[Program | None]:
        """Do it to the worker that talks to the mail server, at a step of the conversation; None if nobody talked."""
        caught: list[Program] = []

        def hold(port: int) -> None:
            program = self.staff.whose(port)
            # In the server's thread, which may not wait: somebody else may be harming it just now.
            if program is not None and program.lend():
                caught.append(program)
                act(program)

        self.strike(Blow(chance.choice(_INSIDE), act=hold))
        try:
            yield caught[0] if caught else None
        finally:
            for program in caught:
                program.give_back()

    def at_a_moment(self, chance: random.Random, act: Callable[[], object]) -> None:
        """Do it now, or, every second time, in the middle of a conversation about a mail."""
        if chance.random() < 0.5:
            act()
            return
        blow = Blow(chance.choice(_INSIDE), act=lambda _port: act())
        if self.strike(blow) is None:
            act()

    def strike(self, blow: Blow) -> float | None:
        """Let a conversation feel it; the instant it did."""
        self.sink.arm(blow)
        if blow.landed.wait(_MOMENT_S) or not self.sink.disarm(blow):
            return blow.landed_at
        return None


Fault = Callable[[Field, random.Random], float | None]
KINDS: dict[str, tuple[int, Fault]] = {}


def kind(share: int) -> Callable[[Fault], Fault]:
    """One kind of fault, and how many of about a thousand are of it."""

    def enter(fault: Fault) -> Fault:
        KINDS[fault.__name__] = (share, fault)
        return fault

    return enter


# --- Workers


@kind(330)
def pool_process_killed(ground: Field, chance: random.Random) -> float | None:
    with ground.worker_at_a_moment(chance, lambda worker: worker.kill_child(chance)):
        return time.time()


@kind(60)
def worker_killed(ground: Field, chance: random.Random) -> float | None:
    with ground.worker_at_a_moment(chance, Program.kill) as worker:
        worker.start()
        return time.time()


@kind(15)
def worker_parent_killed(ground: Field, chance: random.Random) -> float | None:
    """Its pool processes finish what they do, while the next worker is there already."""
    with ground.worker(chance) as worker:
        worker.kill_parent()
        worker.start()
        return time.time()


@kind(10)
def worker_stopped(ground: Field, chance: random.Random) -> float | None:
    """A deployment."""
    with ground.worker(chance) as worker:
        worker.stop()
        worker.start()
        return time.time()


@kind(20)
def worker_frozen(ground: Field, chance: random.Random) -> float | None:
    with ground.worker_at_a_moment(chance, lambda worker: worker.freeze(frozen=True)) as worker:
        ground.pause(chance.uniform(2, 6))
        worker.freeze(frozen=False)
        return time.time()


@kind(15)
def lease_outlived(ground: Field, chance: random.Random) -> float | None:
    """A worker stands still in the middle of a batch for longer than its lease, as a machine that sleeps, and goes on.

    Meanwhile others take it for dead. The minutes are not waited for but taken off the leases.
    """
    with ground.talking_worker(chance, lambda worker: worker.freeze(frozen=True)) as worker:
        if worker is None:
            return None
        with ground.postgres:
            ground.house.let_leases_run_out()
        ground.pause(_TAKEN_FOR_DEAD_S)
        worker.freeze(frozen=False)
        return time.time()


@kind(10)
def worker_clock_differs(ground: Field, chance: random.Random) -> float | None:
    """A worker whose clock is two hours ahead or behind."""
    with ground.worker(chance) as worker:
        worker.kill()
        worker.start(shift_s=chance.choice((-1, 1)) * CLOCKS_DIFFER_S)
        ground.pause(chance.uniform(8, 12) * ground.scale)
        worker.kill()
        worker.start()
        return time.time()


# --- PostgreSQL


@kind(100)
def postgres_crashed(ground: Field, chance: random.Random) -> float | None:
    with ground.postgres:
        if chance.random() < 0.5:
            ground.at_a_moment(chance, ground.house.quit_postmaster)
        ground.house.crash_postgres()
        ground.house.start_postgres()
        return time.time()


@kind(30)
def postgres_connections_cut(ground: Field, chance: random.Random) -> float | None:
    with ground.postgres:
        ground.at_a_moment(chance, ground.house.cut_database_connections)
        return time.time()


# --- Valkey


@kind(60)
def valkey_flushed(ground: Field, chance: random.Random) -> float | None:
    with ground.valkey:
        ground.house.flush_valkey()
        return time.time()


@kind(25)
def valkey_crashed(ground: Field, chance: random.Random) -> float | None:
    with ground.valkey:
        ground.house.crash_valkey()
        ground.pause(chance.uniform(0, 2))
        ground.house.start_valkey()
        return time.time()


@kind(20)
def valkey_connections_cut(ground: Field, chance: random.Random) -> float | None:
    with ground.valkey:
        ground.house.cut_valkey_connections()
        return time.time()


@kind(15)
def valkey_full(ground: Field, chance: random.Random) -> float | None:
    with ground.valkey:
        ground.house.fill_valkey(full=True)
        ground.pause(chance.uniform(1, 5))
        ground.house.fill_valkey(full=False)
        return time.time()


@kind(10)
def valkey_frozen(ground: Field, chance: random.Random) -> float | None:
    return _frozen_valkey(ground, chance.uniform(1, 5))


@kind(2)
def valkey_frozen_long(ground: Field, chance: random.Random) -> float | None:
    return _frozen_valkey(ground, _LONG_S * ground.scale)


def _frozen_valkey(ground: Field, seconds: float) -> float:
    with ground.valkey:
        ground.house.freeze_valkey(frozen=True)
        try:
            ground.pause(seconds)
        finally:
            ground.house.freeze_valkey(frozen=False)
        return time.time()


# --- Beats


@kind(30)
def beats_two(ground: Field, chance: random.Random) -> float | None:
    return _more_beats(ground, 1, chance.uniform(6, 12))


@kind(4)
def beats_five(ground: Field, chance: random.Random) -> float | None:
    return _more_beats(ground, 4, chance.uniform(10, 20))


@kind(35)
def beat_killed(ground: Field, chance: random.Random) -> float | None:
    beat = ground.staff.beat
    with beat.borrowed():
        beat.kill()
        beat.start()
        return time.time()


@kind(30)
def beat_away(ground: Field, chance: random.Random) -> float | None:
    return _no_beat(ground, chance.uniform(2, 10))


@kind(2)
def beat_away_long(ground: Field, chance: random.Random) -> float | None:
    return _no_beat(ground, _LONG_S * ground.scale)


def _more_beats(ground: Field, count: int, seconds: float) -> float:
    extra = [ground.staff.extra_beat() for _beat in range(count)]
    for beat in extra:
        beat.start()
    ground.pause(seconds * ground.scale)
    for beat in extra:
        beat.kill()
    return time.time()


def _no_beat(ground: Field, seconds: float) -> float:
    beat = ground.staff.beat
    with beat.borrowed():
        beat.kill()
        ground.pause(seconds)
        beat.start()
        return time.time()


# --- The mail server


@kind(190)
def reply_lost(ground: Field, chance: random.Random) -> float | None:
    """It has taken the mail, and the connection breaks before it can say so."""
    return ground.strike(Blow("taken", cut=True))


@kind(2)
def reply_never(ground: Field, chance: random.Random) -> float | None:
    """It has taken the mail and says nothing, for longer than anybody waits."""
    return ground.strike(Blow("taken", delay_s=_LONGER_THAN_ANYBODY_WAITS_S * ground.scale, cut=True))


@kind(100)
def connection_cut(ground: Field, chance: random.Random) -> float | None:
    return ground.strike(Blow(chance.choice(_INSIDE[:-1]), cut=True))


@kind(20)
def reply_slow(ground: Field, chance: random.Random) -> float | None:
    return ground.strike(Blow(chance.choice(("mail", "rcpt", "taken")), delay_s=chance.uniform(1, 4)))


@kind(20)
def reply_dripping(ground: Field, chance: random.Random) -> float | None:
    return ground.strike(Blow(chance.choice(("mail", "data", "taken")), drip=True))


@kind(40)
def mail_put_off(ground: Field, chance: random.Random) -> float | None:
    step = chance.choice(("mail", "rcpt", "data", "content"))
    return ground.strike(Blow(step, reply=chance.choice((b"451 Not now", b"421 Closing", b"452 Full"))))


@kind(20)
def mail_refused(ground: Field, chance: random.Random) -> float | None:
    return ground.strike(Blow(chance.choice(("rcpt", "content")), reply=b"550 Nobody of that name"))


@kind(15)
def mail_server_away(ground: Field, chance: random.Random) -> float | None:
    with ground.server:
        ground.sink.go_away()
        ground.pause(chance.uniform(0.5, 4))
        ground.sink.come_back()
        return time.time()


# --- All of it


@kind(4)
def everything_down(ground: Field, chance: random.Random) -> float | None:
    """The machine goes down and comes up again: database, broker, workers and beat."""
    with ExitStack() as held:
        for program in (*ground.staff.workers, ground.staff.beat):
            held.enter_context(program.borrowed())
        held.enter_context(ground.postgres)
        held.enter_context(ground.valkey)
        ground.house.crash_postgres()
        ground.house.crash_valkey()
        for program in (*ground.staff.workers, ground.staff.beat):
            program.kill()
        ground.pause(chance.uniform(1, 5))
        ground.house.start_valkey()
        ground.house.start_postgres()
        for program in (*ground.staff.workers, ground.staff.beat):
            program.start()
        return time.time()
