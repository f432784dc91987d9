"""Which asks an outage met, and what became of them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from accounts.tenancy.actor import ActorKind
from accounts.tenancy.models import Workspace
from referrals.asks.models import Ask, with_clock

_State = Ask.State
# No ask waits longer for its minute; it keeps the look into the list of asks short.
_LONGEST_PLAN = timedelta(days=45)
_WAITS_FOR_US = (_State.QUEUED, _State.SENDING)


@dataclass(frozen=True, slots=True)
class Numbers:
    """What became of the asks that were due in an outage. Times are ISO 8601 in UTC, "" where nothing went out.

    `later`: planned anew for a polite minute that is still to come. `stopped`: the gate had closed meanwhile.
    """

    sent: int = 0
    first_sent_at: str = ""
    last_sent_at: str = ""
    late: int = 0
    later: int = 0
    missed: int = 0
    stopped: int = 0
    failed: int = 0
    unconfirmed: int = 0

    def as_json(self) -> dict[str, int | str]:
        return asdict(self)


def met_by_outage(*, workspace: Workspace, started_at: datetime, ended_at: datetime) -> QuerySet[Ask]:
    """The asks that were to leave, or lost their 24 hours, while Goodword stood still."""
    then = (started_at, ended_at)
    over = with_clock(workspace.asks.filter(deadline_at__range=then, state__in=[*_WAITS_FOR_US, _State.EXPIRED]))
    met = workspace.asks.filter(
        Q(send_at__range=then)
        | Q(planned_send_at__range=then)
        | Q(lost_minute_at__range=then)
        | Q(pk__in=over.values("pk")),
        queued_at__range=(started_at - _LONGEST_PLAN, ended_at),
    )
    ended_before = (
        Q(sent_at__lt=started_at)
        | Q(answered_at__lt=started_at)
        | Q(state__in=[_State.SKIPPED, _State.FAILED], updated_at__lt=started_at)
    )
    return met.exclude(pk__in=workspace.asks.filter(ended_before).values("pk"))


def is_still_due(asks: "QuerySet[Ask]", now: datetime) -> bool:
    """Whether some of them wait for a worker, not for a person or a later hour."""
    return asks.filter(Q(send_at__lte=now) | Q(deadline_at__lte=now), state__in=_WAITS_FOR_US).exists()


def count(*, workspace: Workspace, asks: "QuerySet[Ask]", started_at: datetime, now: datetime) -> Numbers:
    """What became of these asks. Two statements."""
    rows = list(asks.only("pk", "state", "sent_at", "send_at", "deadline_at"))
    by_itself = workspace.events.filter(
        subject_kind="ask",
        type="ask.skipped",
        actor_kind=ActorKind.SYSTEM.value,
        occurred_at__gte=started_at,
        subject_id__in=[row.pk for row in rows],
    )
    sent = sorted(row.sent_at for row in rows if row.sent_at)
    return Numbers(
        sent=len(sent),
        first_sent_at=sent[0].isoformat() if sent else "",
        last_sent_at=sent[-1].isoformat() if sent else "",
        late=sum(row.sent_at is not None and row.sent_at > row.deadline_at for row in rows),
        later=sum(row.state in _WAITS_FOR_US and row.send_at is not None and row.send_at > now for row in rows),
        missed=_in_state(rows, _State.EXPIRED),
        stopped=by_itself.values("subject_id").distinct().count(),
        failed=_in_state(rows, _State.FAILED),
        unconfirmed=_in_state(rows, _State.UNCONFIRMED),
    )


def _in_state(rows: Sequence[Ask], state: str) -> int:
    return sum(row.state == state for row in rows)
