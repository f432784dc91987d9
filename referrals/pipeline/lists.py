"""The list of referrals."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Count, Q, QuerySet

from accounts.customers.bulk import OwnerForm
from accounts.lists.spec import BulkAction, Choice, Column, Doing, Filter, ListSpec, Sort
from accounts.members.permissions import Permission
from accounts.tenancy.models import Workspace
from accounts.tenancy.money import Money
from referrals.pipeline import actions
from referrals.pipeline.forms import MOVES, WITH_DETAILS
from referrals.pipeline.models import Referral

Stage = Referral.Stage

SHOWS: dict[str, tuple[str, list[str]]] = {
    "": ("Open", ["new", "contacted", "meeting_booked", "met", "qualified"]),
    "named": ("Only named", ["named"]),
    "won": ("Won", ["won"]),
    "ended": ("Lost or rejected", ["lost", "rejected", "churned", "refunded"]),
    "all": ("All", [stage.value for stage in Stage]),
}


def referral_rows(workspace: Workspace, values: Mapping[str, str]) -> QuerySet[Referral]:
    """Referrals of the chosen stages, with who sent them and who looks after them."""
    rows = workspace.referrals.filter(stage__in=SHOWS[values.get("show", "")][1])
    for word in values.get("q", "").split()[:5]:
        rows = rows.filter(
            Q(referee_name__icontains=word)
            | Q(referee_company_name__icontains=word)
            | Q(referee_email__icontains=word)
            | Q(referrer__first_name__icontains=word)
            | Q(referrer__last_name__icontains=word)
        )
    return rows.select_related("referrer__company", "owner", "program")


def stage_counts(workspace: Workspace) -> dict[str, int]:
    """How many referrals lie behind each tab. One statement."""
    by_stage: dict[str, int] = dict(workspace.referrals.order_by().values_list("stage").annotate(Count("pk")))
    return {key: sum(by_stage.get(stage, 0) for stage in stages) for key, (_words, stages) in SHOWS.items()}


class StageForm(forms.Form):
    """A later stage. Those that take a value or a reason are reached one by one."""

    stage = forms.ChoiceField(
        label="They are now",
        choices=[(stage.value, words) for stage, words in MOVES.items() if stage not in WITH_DETAILS],
    )


def stage_form(*args: Any, workspace: Workspace, **kwargs: Any) -> forms.Form:
    return StageForm(*args, **kwargs)


def move(row: Referral, doing: Doing) -> None:
    """Move one forward. Raises MoveNotPossible."""
    actions.move(referral=row, stage=doing.data["stage"], by=doing.by, now=doing.now)


def set_owner(row: Referral, doing: Doing) -> None:
    """Give one to a colleague; what the team noted about it stays."""
    owner = doing.workspace.members.get(email=doing.data["owner"], is_active=True)
    actions.change(
        referral=row, by=doing.by, now=doing.now, owner=owner, note=row.note, attributes=dict(row.attributes)
    )


_CELL = "referrals/pipeline/_cell.html"

REFERRALS = ListSpec(
    name="referrals",
    url_name="referral-list",
    noun="referral",
    nouns="referrals",
    search="Friend, company or who referred",
    rows=referral_rows,
    columns=(
        Column("friend", "Friend", lambda r: r.referee_name, template=_CELL, opt=False),
        Column("company", "Company", lambda r: r.referee_company_name),
        Column("stage", "Stage", lambda r: r.get_stage_display(), template=_CELL, opt=False),
        Column("sent_by", "Sent by", lambda r: r.referrer.name if r.referrer else None, template=_CELL),
        Column("owner", "Looked after by", lambda r: r.owner.name if r.owner else "nobody"),
        Column(
            "worth",
            "Worth",
            lambda r: None if r.deal_value_minor is None else Money(r.deal_value_minor, r.deal_currency),
            right=True,
            opt=False,
        ),
        Column("since", "Since", lambda r: r.stage_changed_at, right=True),
        Column("created", "Came in", lambda r: r.created_at, first=False),
        Column("source", "Came by", lambda r: r.get_source_display(), first=False),
        Column("kind", "Kind", lambda r: r.get_kind_display(), first=False),
        Column("program", "Program", lambda r: r.program.name, first=False),
        Column("email", "E-mail", lambda r: r.referee_email, first=False),
        Column("phone", "Phone", lambda r: r.referee_phone, first=False),
        Column("won", "Won on", lambda r: r.won_at, first=False),
        Column("reason", "Why it ended", lambda r: r.lost_reason, first=False),
        Column("external_id", "External id", lambda r: r.external_id, first=False),
        Column("id", "Id", lambda r: r.public_id, first=False),
    ),
    sorts=(
        Sort("-created", "Arrival, newest first", "created_at", descending=True, head="friend"),
        Sort("created", "Arrival, oldest first", "created_at", head="friend"),
        Sort("waiting", "Time unmoved", "stage_changed_at", head="since"),
        Sort("-waiting", "Last move", "stage_changed_at", descending=True, head="since"),
    ),
    filters=(Filter("show", "Stage", tuple(Choice(key, words) for key, (words, _) in SHOWS.items()), as_tabs=True),),
    actions=(
        BulkAction("move", "Move on", Permission.REFERRAL_WRITE, move, form=stage_form),
        BulkAction("owner", "Give to", Permission.REFERRAL_WRITE, set_owner, form=OwnerForm),
    ),
    whole={"show": "all"},
)
