"""The list of rewards."""

from collections.abc import Mapping

from django.db.models import Count, Q, QuerySet

from accounts.lists.spec import BulkAction, Choice, Column, Doing, Filter, ListSpec, Sort
from accounts.members.permissions import Permission
from accounts.tenancy.models import Workspace
from accounts.tenancy.money import Money
from rewards.grants import actions
from rewards.grants.models import Reward

State = Reward.State

SHOWS: dict[str, tuple[str, list[str]]] = {
    "": ("To approve", [State.PENDING_APPROVAL]),
    "held": ("On hold", [State.HELD]),
    "approved": ("To hand over", [State.APPROVED, State.PAYING, State.FAILED]),
    "paid": ("Paid", [State.PAID]),
    "ended": ("Ended", [State.CANCELLED, State.CLAWED_BACK]),
    "all": ("All", list(State)),
}


def reward_rows(workspace: Workspace, values: Mapping[str, str]) -> QuerySet[Reward]:
    """Rewards of the chosen states, with whom they are for."""
    rows = workspace.rewards.filter(state__in=SHOWS[values.get("show", "")][1])
    for word in values.get("q", "").split()[:5]:
        rows = rows.filter(
            Q(contact__first_name__icontains=word)
            | Q(contact__last_name__icontains=word)
            | Q(company__name__icontains=word)
        )
    return rows.select_related("contact__company", "company")


def state_counts(workspace: Workspace) -> dict[str, int]:
    """How many rewards lie behind each tab. One statement."""
    by_state: dict[str, int] = dict(workspace.rewards.order_by().values_list("state").annotate(Count("pk")))
    return {key: sum(by_state.get(state, 0) for state in states) for key, (_words, states) in SHOWS.items()}


def approve(row: Reward, doing: Doing) -> None:
    """Approve one. Raises RewardNotPending, SecondPersonNeeded."""
    actions.approve(reward=row, by=doing.by, now=doing.now)


_CELL = "rewards/grants/_cell.html"

REWARDS = ListSpec(
    name="rewards",
    url_name="reward-list",
    noun="reward",
    nouns="rewards",
    search="Person or company",
    rows=reward_rows,
    columns=(
        Column("for", "For", lambda r: r.contact.name if r.contact else r.company.name, template=_CELL, opt=False),
        Column("kind", "What", lambda r: r.get_kind_display(), opt=False),
        Column(
            "amount",
            "Amount",
            lambda r: Money(r.amount_minor, r.currency) if r.amount_minor else None,
            right=True,
            opt=False,
        ),
        Column("state", "State", lambda r: r.get_state_display(), template=_CELL, opt=False),
        Column("granted", "Granted", lambda r: r.granted_at),
        Column("held", "On hold until", lambda r: r.hold_until if r.state == State.HELD else None),
        Column("side", "Side", lambda r: r.side, first=False),
        Column("promise", "Promise", lambda r: r.sentence, first=False),
        Column("approved", "Approved", lambda r: r.approved_at, first=False),
        Column("paid", "Paid", lambda r: r.paid_at, first=False),
        Column("source", "For the referral", lambda r: r.source_key, first=False),
        Column("id", "Id", lambda r: r.public_id, first=False),
    ),
    sorts=(
        Sort("-granted", "Day, newest first", "granted_at", descending=True, head="granted"),
        Sort("granted", "Day, oldest first", "granted_at", head="granted"),
    ),
    filters=(Filter("show", "State", tuple(Choice(key, words) for key, (words, _) in SHOWS.items()), as_tabs=True),),
    actions=(BulkAction("approve", "Approve", Permission.REWARD_APPROVE, approve),),
    whole={"show": "all"},
)
