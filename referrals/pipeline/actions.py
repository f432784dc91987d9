"""Referrals arrive, and move towards a deal."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction

from accounts.customers.models import Contact
from accounts.events import actions as events
from accounts.members.models import Member
from accounts.tenancy.actor import Actor
from accounts.tenancy.errors import InvalidInput
from accounts.tenancy.models import TenantModel, Workspace
from accounts.tenancy.money import Money
from referrals.links.models import Link
from referrals.pipeline import customers, kinds, notices, owed
from referrals.pipeline.errors import MoveNotPossible
from referrals.pipeline.models import Referral
from referrals.pipeline.referee import Referee, judged
from referrals.pipeline.signals import referral_created, referral_moved
from referrals.pipeline.stages import OPEN, may_move
from referrals.programs.models import Program

Stage = Referral.Stage

# Stands where a name was forgotten.
NAMELESS = "Somebody"
_ABOUT_THEM = ("referee_title", "referee_company_name", "referee_company_domain", "relation", "advocate_note", "note")
FUTURE_ALLOWED = timedelta(minutes=5)


@transaction.atomic
def create(
    *,
    workspace: Workspace,
    program: Program,
    referrer: Contact | None,
    source: str,
    referee: Referee,
    by: Actor,
    now: datetime,
    link: Link | None = None,
    ask: TenantModel | None = None,
    relation: str = "",
    advocate_note: str = "",
    wishes: str = "",
    visitor_id: UUID | None = None,
    external_id: str | None = None,
) -> tuple[Referral, bool]:
    """Store a referral and tell the team; (referral, whether it is new).

    The same `external_id`, or an open referral of the same address, gives the one that exists, unchanged. Without
    e-mail and phone it is only `named` and keeps no more than a name and a company. Raises InvalidInput.
    """
    referee = judged(referee)
    existing = _existing(workspace, referee, external_id)
    if existing is not None:
        return existing, False
    judgement = kinds.judge(workspace=workspace, referrer=referrer, referee=referee)
    owner = judgement.owner or kinds.who_takes_it(workspace, referrer)
    referral = Referral.objects.create(  # type: ignore[misc]  # asks are neighbours we do not know
        workspace=workspace,
        program=program,
        referrer=referrer,
        link=link,
        ask=ask,
        owner=owner,
        stage=Stage.NEW if referee.reachable else Stage.NAMED,
        kind=judgement.kind,
        decision=judgement.decision[:300],
        source=source,
        relation=relation,
        advocate_note=advocate_note,
        wishes=wishes,
        visitor_id=visitor_id,
        external_id=external_id or None,
        stage_changed_at=now,
        **_referee_fields(referee),
    )
    _record(referral, "referral.created", by=by, now=now)
    if owner is not None and referee.reachable:
        notices.tell_owner(workspace=workspace, referral=referral, owner=owner, now=now)
    referral_created.send_robust(sender=Referral, workspace=workspace, referral=referral, by=by, now=now)
    return referral, True


@transaction.atomic
def move(
    *,
    referral: Referral,
    stage: str,
    by: Actor,
    now: datetime,
    reason: str = "",
    deal_value: Money | None = None,
    occurred_at: datetime | None = None,
) -> Referral:
    """Move a referral to a stage, with what follows from it: events, the customer, what is owed.

    Raises InvalidInput (won without a value, a time in the future) before MoveNotPossible.
    """
    at = judged_move(stage=stage, deal_value=deal_value, occurred_at=occurred_at, now=now)
    rows = Referral.objects.select_for_update(of=("self",)).select_related(
        "workspace", "referrer__company__owner__deputy", "program", "owner__deputy"
    )
    referral = rows.get(pk=referral.pk, workspace_id=referral.workspace_id)
    before = referral.stage
    if not may_move(before, stage):
        wanted = Stage(stage).label.lower()
        raise MoveNotPossible(
            f"This referral is “{referral.get_stage_display().lower()}” and cannot become “{wanted}”."
        )
    referral.stage, referral.stage_changed_at = stage, at
    referral.lost_reason = reason.strip()[:240]
    if deal_value is not None:
        referral.deal_value_minor, referral.deal_currency = deal_value.amount, deal_value.currency
    if stage == Stage.WON:
        referral.won_at = at
        customers.welcome(referral=referral, by=by, now=now)
    referral.save()
    _record(referral, "referral.stage_changed", by=by, now=now, before=before, reason=referral.lost_reason)
    if stage in (Stage.WON, Stage.LOST):
        _record(referral, f"referral.{stage}", by=by, now=now, reason=referral.lost_reason)
    if stage == Stage.WON:
        notices.tell_won(workspace=referral.workspace, referral=referral, now=now)
    owed.grant_for_move(referral=referral, before=before, by=by, now=now)
    referral_moved.send_robust(
        sender=Referral, workspace=referral.workspace, referral=referral, before=before, by=by, now=now
    )
    return referral


def judged_move(*, stage: str, deal_value: Money | None, occurred_at: datetime | None, now: datetime) -> datetime:
    """When the move counts. Raises InvalidInput for what no state could make right."""
    if stage not in Stage.values:
        raise InvalidInput(f"Use one of {', '.join(Stage.values)}.", field="stage")
    if stage == Stage.WON and (deal_value is None or deal_value.amount <= 0):
        raise InvalidInput("A won deal needs its value.", field="deal_value", code="required")
    if occurred_at is not None and occurred_at > now + FUTURE_ALLOWED:
        raise InvalidInput("This lies in the future.", field="occurred_at")
    return occurred_at or now


@transaction.atomic
def change(
    *, referral: Referral, by: Actor, now: datetime, owner: Member | None, note: str, attributes: dict[str, object]
) -> Referral:
    """Who looks after it, and what the team notes about it."""
    referral = Referral.objects.select_for_update().get(pk=referral.pk, workspace_id=referral.workspace_id)
    referral.owner, referral.note, referral.attributes = owner, note, attributes
    referral.save(update_fields=["owner", "note", "attributes", "updated_at"])
    data = {"owner": owner.public_id if owner else None}
    events.record(
        workspace_id=referral.workspace_id, type="referral.changed", subject=referral, by=by, now=now, data=data
    )
    return referral


@transaction.atomic
def complete(*, referral: Referral, referee: Referee, wishes: str, by: Actor, now: datetime) -> Referral:
    """Add what a referred person told us themselves; what is known already stands. Raises InvalidInput."""
    referral = Referral.objects.select_for_update().get(pk=referral.pk, workspace_id=referral.workspace_id)
    told = _referee_fields(judged(referee)) | {"wishes": wishes}
    new = {name: value for name, value in told.items() if value and not getattr(referral, name)}
    if not new:
        return referral
    for name, value in new.items():
        setattr(referral, name, value)
    referral.save(update_fields=[*new, "updated_at"])
    events.record(
        workspace_id=referral.workspace_id,
        type="referral.changed",
        subject=referral,
        by=by,
        now=now,
        data={"told": sorted(new)},
    )
    return referral


def forget_named(workspace: Workspace, before: datetime, most: int) -> int:
    """Forget people who were named before this and never introduced: they do not know that we have their name.

    Where somebody was thanked for it, the referral stays without a name.
    """
    old = workspace.referrals.filter(stage=Stage.NAMED, stage_changed_at__lte=before).exclude(referee_name=NAMELESS)
    keys = list(old.values_list("pk", flat=True)[:most])
    named = workspace.referrals.filter(pk__in=keys)
    gone: int = named.filter(thank_yous=None).delete()[0]
    return gone + named.update(referee_name=NAMELESS, **dict.fromkeys(_ABOUT_THEM, ""), attributes={})


def _existing(workspace: Workspace, referee: Referee, external_id: str | None) -> Referral | None:
    # Two clicks at once wait for each other here, so that the second finds the first's referral.
    for name in filter(None, (external_id and f"external:{external_id}", referee.email_normalized)):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"referral:{workspace.pk}:{name}"])
    if external_id:
        found = workspace.referrals.filter(external_id=external_id).first()
        if found is not None:
            return found
    if referee.email_normalized is None:
        return None
    same = workspace.referrals.filter(referee_email_normalized=referee.email_normalized, stage__in=OPEN)
    return same.order_by("created_at", "pk").first()


def _referee_fields(referee: Referee) -> dict[str, object]:
    fields: dict[str, object] = {
        "referee_name": referee.name,
        "referee_company_name": referee.company_name,
        "referee_company_domain": referee.domain,
    }
    if referee.reachable:
        fields |= {
            "referee_email": referee.email,
            "referee_email_normalized": referee.email_normalized,
            "referee_phone": referee.phone,
            "referee_title": referee.title,
            "referee_timezone": referee.timezone,
        }
    return fields


def _record(
    referral: Referral, type_: str, *, by: Actor, now: datetime, before: str | None = None, reason: str = ""
) -> None:
    """Ids and stages, never the referee's name or address: an event outlives their erasure."""
    data: dict[str, object] = {
        "referral": referral.public_id,
        "stage": referral.stage,
        "kind": referral.kind,
        "source": referral.source,
        "referrer": referral.referrer.public_id if referral.referrer else None,
        "program": referral.program.public_id,
    }
    if before is not None:
        data["before"] = before
    if reason:
        data["reason"] = reason
    if referral.stage == Stage.WON:
        data["deal_value"] = {"amount": referral.deal_value_minor, "currency": referral.deal_currency}
    events.record(
        workspace_id=referral.workspace_id,
        type=type_,
        subject=referral,
        by=by,
        now=now,
        data=data,
        contact_id=referral.referrer_id,
        company_id=referral.referrer.company_id if referral.referrer else None,
    )
