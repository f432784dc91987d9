"""One run: people, workers, faults, and the verdict."""

import random
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Q
from django.db.models.functions import Now

from accounts.mail.models import Message
from accounts.tenancy.models import Workspace
from accounts.tenancy.scope import workspace_scope
from tests.faults import judge, people, plan
from tests.faults.faults import KINDS, Field
from tests.faults.figures import Happened
from tests.faults.house import House
from tests.faults.people import Posted
from tests.faults.plan import Planned
from tests.faults.races import Races
from tests.faults.sink import Sink, Taken
from tests.faults.staff import Staff

_AT_ONCE = 12
_LOOK_S = 0.25
# What is put off further than this is visible as waiting, and not waited for.
_WORTH_WAITING_S = 600
_ENDED = ("sent", "failed", "unconfirmed", "cancelled")


@dataclass(frozen=True)
class Wanted:
    """The size of a run. `calm_s`: the first part, without faults. `patience_s`: how long the end may take.

    `time_passes`: what waits at the end, leases and next tries, is moved in the database instead of waited for.
    """

    seed: int
    asks: int
    faults: int
    rate: float
    workspaces: int = 5
    calm_s: float = 60
    patience_s: float = 1200
    time_passes: bool = False
    scale: float = 1.0
    only: tuple[str, ...] = ()

    @property
    def seconds(self) -> float:
        return self.asks / self.rate


@dataclass
class Result:
    """Everything the report is made of."""

    wanted: Wanted
    posted: list[Posted]
    beginning: float
    taken: list[Taken] = field(default_factory=list)
    happened: list[Happened] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    verdict: judge.Verdict = field(default_factory=judge.Verdict)
    deaths: int = 0
    races: Mapping[str, int] = field(default_factory=dict)
    settled_after_s: float = 0


def run(house: House, staff: Staff, sink: Sink, wanted: Wanted) -> Result:
    """Let everything happen, and judge it. Raises what a fault itself raised, TimeoutError if the end does not come."""
    chance = random.Random(wanted.seed)
    campaign = wanted.asks // 10
    posted = people.make_everything(
        chance=chance, count=wanted.asks, seconds=wanted.seconds, workspaces=wanted.workspaces, campaign=campaign
    )
    staff.start()
    beginning = people.begin(posted).timestamp()
    result = Result(wanted, posted, beginning)
    races = Races(posted, beginning=beginning, chance=random.Random(f"{wanted.seed}:races"))
    ground = Field(house, staff, sink, scale=wanted.scale)
    races.start()
    try:
        _harm(ground, result)
        races.join()
    finally:
        ground.stopped.set()
        races.stop()
    result.races = races.done
    _wait_for_the_end(staff, result)
    staff.kill_all()
    result.taken = list(sink.taken)
    result.verdict = judge.judge(
        posted=posted, taken=result.taken, rows=_rows(posted), unsubscribed=races.unsubscribed, now=_database_time()
    )
    return result


def _harm(ground: Field, result: Result) -> None:
    """Every fault at its hour, several at once where they come together."""
    wanted = result.wanted
    planned = plan.make(
        seed=wanted.seed,
        count=wanted.faults,
        first=wanted.calm_s,
        last=max(wanted.calm_s, wanted.seconds),
        only=wanted.only,
    )
    running: list[Future[None]] = []
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="fault") as pool:
        try:
            for one in planned:
                _wait_until(result.beginning + one.at, ground.staff, result, running)
                running.append(pool.submit(_do, ground, one, result))
            _wait_until(result.beginning + wanted.seconds, ground.staff, result, running)
            while not all(future.done() for future in running):
                _wait_until(time.time() + _LOOK_S, ground.staff, result, running)
        except BaseException:
            ground.stopped.set()
            pool.shutdown(cancel_futures=True)
            raise
    for future in running:
        future.result()


def _wait_until(at: float, staff: Staff, result: Result, running: Sequence[Future[None]]) -> None:
    while True:
        result.deaths += staff.look_after()
        for future in running:
            if future.done():
                future.result()  # a fault that could not be done ends the run
        left = at - time.time()
        if left <= 0:
            return
        time.sleep(min(left, _LOOK_S))


def _do(ground: Field, planned: Planned, result: Result) -> None:
    begun = time.time()
    over = KINDS[planned.kind][1](ground, planned.chance)
    if over is None:
        result.missed.append(planned.kind)
    else:
        result.happened.append(Happened(planned.kind, begun, over))


def _wait_for_the_end(staff: Staff, result: Result) -> None:
    """Until nothing is on its way any more: no lease, no mail that is due, no ask that has not heard of its mail."""
    connection.close()  # the database may have been away since
    started, moved = time.monotonic(), False
    while left := _left(result.posted):
        if result.wanted.time_passes and not moved:
            moved = True
            staff.kill_all()
            _let_time_pass(result.posted)
            staff.start()
        if time.monotonic() - started > result.wanted.patience_s:
            return  # the verdict names what is stuck
        result.deaths += staff.look_after()
        time.sleep(min(_LOOK_S * 4, left))
    result.settled_after_s = time.time() - result.beginning - result.wanted.seconds


def _left(posted: Sequence[Posted]) -> int:
    return sum(_counts(workspace) for workspace in _workspaces(posted))


def _counts(workspace: Workspace) -> int:
    under_way = Q(state="sending") | Q(state="queued", due_at__lte=Now() + people.timedelta(seconds=_WORTH_WAITING_S))
    with workspace_scope(workspace.pk):
        mails = workspace.messages.filter(under_way).count()
        unaware = workspace.asks.filter(state__in=["queued", "sending"], message__state__in=_ENDED).count()
    return mails + unaware


def _let_time_pass(posted: Sequence[Posted]) -> None:
    """Nobody works: leases run out, and what was put off is due."""
    for workspace in _workspaces(posted):
        with workspace_scope(workspace.pk):
            workspace.messages.filter(state="sending").update(lease_until=Now())
            workspace.messages.filter(state="queued").update(due_at=Now())


def _rows(posted: Sequence[Posted]) -> dict[Any, judge.Row]:
    rows: dict[Any, judge.Row] = {}
    for workspace in _workspaces(posted):
        with workspace_scope(workspace.pk):
            asks = dict(workspace.asks.values_list("message_id", "state"))
            for message in workspace.messages.all():
                rows[message.pk] = _row(message, asks.get(message.pk, ""))
    return rows


def _row(message: Message, ask_state: str) -> judge.Row:
    return judge.Row(
        state=message.state,
        error=message.error,
        ask_state=ask_state,
        due_at=message.due_at.timestamp(),
        lease_until=message.lease_until.timestamp() if message.lease_until else None,
        expires_at=message.expires_at.timestamp() if message.expires_at else None,
    )


def _database_time() -> float:
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())")
        return float(cursor.fetchone()[0])


def _workspaces(posted: Sequence[Posted]) -> list[Workspace]:
    return list({one.workspace.pk: one.workspace for one in posted}.values())
