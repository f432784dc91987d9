"""What is owed: granted once per fact, held, approved by somebody, paid or taken back."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from accounts.customers.models import Company, Contact
from accounts.events import actions as events
from accounts.tenancy.actor import SYSTEM, Actor
from accounts.tenancy.models import Workspace
from accounts.tenancy.money import Money
from rewards.grants import limits, notices
from rewards.grants.errors import RewardNotApproved, RewardNotOpen, RewardNotPending, SecondPersonNeeded
from rewards.grants.models import Reward
from rewards.ledger import actions as ledger
from rewards.ledger.models import LedgerAccount, LedgerEntry
from rewards.rules import sentences
from rewards.rules.models import RewardKind, RewardRule

Code, EntryKind, State = LedgerAccount.Code, LedgerEntry.Kind, Reward.State

# These belong to the customer's employer; the person gets the thanks.
OF_THE_COMPANY = (RewardKind.ACCOUNT_CREDIT, RewardKind.DISCOUNT)
CANCELLABLE = (State.HELD, State.PENDING_APPROVAL, State.APPROVED)


@transaction.atomic
def grant(
    *,
    workspace: Workspace,
    side: str,
    trigger: str,
    source_key: str,
    source_id: UUID,
    contact: Contact | None,
    company: Company | None,
    by: Actor,
    now: datetime,
) -> Reward | None:
    """Owe what the live rule of this side and trigger promises, once per `source_key`; the existing one on a repeat.

    None where no rule says so, where the rule is just thanks, and where the employer forbids gifts to the person.
    The accrual is posted now, for held rewards too.
    """
    existing = workspace.rewards.filter(source_key=source_key).first()
    if existing is not None:
        return existing
    rule = workspace.reward_rules.filter(side=side, trigger=trigger, state=RewardRule.State.LIVE).first()
    if rule is None or rule.kind == RewardKind.THANKS:
        return None
    is_personal = rule.kind not in OF_THE_COMPANY or company is None
    if is_personal and (contact is None or _forbidden(company)):
        return None
    hold_until = now + sentences.hold(rule)
    promised_on = (now + sentences.promise(rule)).astimezone(ZoneInfo(workspace.timezone)).date()
    reward, created = Reward.objects.get_or_create(
        workspace=workspace,
        source_key=source_key,
        defaults={
            "rule": rule,
            "contact": contact if is_personal else None,
            "company": None if is_personal else company,
            "source_id": source_id,
            "side": side,
            "kind": rule.kind,
            "amount_minor": rule.amount_minor,
            "currency": rule.currency,
            "sentence": sentences.sentence(rule, promised_on=promised_on),
            "state": State.HELD if hold_until > now else State.PENDING_APPROVAL,
            "granted_at": now,
            "hold_until": hold_until,
            "created_by_kind": by.kind.value,
            "created_by_id": by.id,
        },
    )
    if created:
        _post(reward, EntryKind.ACCRUAL, debit=Code.EXPENSE, credit=Code.PAYABLE, now=now)
        _record(reward, "reward.granted", by=by, now=now)
        if reward.state == State.PENDING_APPROVAL:
            notices.tell_approvers(workspace=workspace, rewards=[reward], now=now)
    return reward


@transaction.atomic
def release_due(*, workspace: Workspace, now: datetime) -> int:
    """Put held rewards whose time has come in front of a person; how many."""
    due = workspace.rewards.select_for_update(of=("self",), skip_locked=True)
    held = due.filter(state=State.HELD, hold_until__lte=now)
    rewards = list(held.select_related("contact", "company").order_by("pk"))
    for reward in rewards:
        reward.state = State.PENDING_APPROVAL
        reward.save(update_fields=["state", "updated_at"])
        _record(reward, "reward.released", by=SYSTEM, now=now)
    notices.tell_approvers(workspace=workspace, rewards=rewards, now=now)
    return len(rewards)


@transaction.atomic
def approve(*, reward: Reward, by: Actor, now: datetime) -> Reward:
    """Approve a reward once. Raises RewardNotPending, or SecondPersonNeeded above the limit.

    Up to the workspace's limit any member or key may; above it a member other than the one who caused the reward.
    """
    workspace = reward.workspace
    rows = workspace.rewards.filter(pk=reward.pk, state=State.PENDING_APPROVAL)
    waiting = rows.first()
    if waiting is not None and limits.needs_second_person(waiting, workspace) and not limits.is_second(waiting, by):
        raise SecondPersonNeeded(
            "This is above the amount one person may decide: a member who did not cause it has to approve it."
        )
    # The state in the WHERE, not a look before: of twenty approvals at once one changes a row.
    changed = rows.update(
        state=State.APPROVED, approved_at=now, approved_by_kind=by.kind.value, approved_by_id=by.id, updated_at=now
    )
    reward = workspace.rewards.get(pk=reward.pk)
    if not changed:
        raise RewardNotPending(f"This reward is “{reward.get_state_display().lower()}”, not waiting for approval.")
    _record(reward, "reward.approved", by=by, now=now)
    notices.put_away(reward=reward, now=now)
    return reward


@transaction.atomic
def fulfil(*, reward: Reward, by: Actor, now: datetime, note: str = "") -> Reward:
    """Note that an approved reward was handed over by hand. Raises RewardNotApproved."""
    reward = _locked(reward)
    if reward.state != State.APPROVED:
        raise RewardNotApproved(f"This reward is “{reward.get_state_display().lower()}”: only an approved one is paid.")
    reward.state, reward.paid_at, reward.paid_note = State.PAID, now, note.strip()[:240]
    reward.save(update_fields=["state", "paid_at", "paid_note", "updated_at"])
    _post(reward, EntryKind.PAYMENT, debit=Code.PAYABLE, credit=Code.CASH, now=now, memo=reward.paid_note)
    _record(reward, "reward.paid", by=by, now=now)
    return reward


@transaction.atomic
def cancel(*, reward: Reward, by: Actor, now: datetime, reason: str = "") -> Reward:
    """Owe it no more, with a reversal in the journal. Raises RewardNotOpen once it is paid or ended."""
    reward = _locked(reward)
    if reward.state not in CANCELLABLE:
        raise RewardNotOpen(f"This reward is “{reward.get_state_display().lower()}” and cannot be cancelled.")
    reward.state, reward.ended_reason = State.CANCELLED, reason.strip()[:240]
    reward.save(update_fields=["state", "ended_reason", "updated_at"])
    _post(reward, EntryKind.REVERSAL, debit=Code.PAYABLE, credit=Code.EXPENSE, now=now, memo=reward.ended_reason)
    _record(reward, "reward.cancelled", by=by, now=now)
    notices.put_away(reward=reward, now=now)
    return reward


def _forbidden(company: Company | None) -> bool:
    return company is not None and company.gift_policy == Company.GiftPolicy.FORBIDDEN


def _locked(reward: Reward) -> Reward:
    rows = Reward.objects.select_for_update(of=("self",)).select_related("workspace")
    return rows.get(pk=reward.pk, workspace_id=reward.workspace_id)


def _post(reward: Reward, kind: str, *, debit: str, credit: str, now: datetime, memo: str = "") -> None:
    """A reward without an amount (a note, something to keep) moves no money."""
    if not reward.amount_minor:
        return
    ledger.post(
        workspace=reward.workspace,
        key=f"reward:{reward.pk}:{kind}",
        kind=kind,
        lines=ledger.transfer(Money(reward.amount_minor, reward.currency), debit=debit, credit=credit),
        reward=reward,
        now=now,
        memo=memo,
    )


def _record(reward: Reward, type_: str, *, by: Actor, now: datetime) -> None:
    data = {
        "reward": reward.public_id,
        "kind": reward.kind,
        "amount": {"amount": reward.amount_minor, "currency": reward.currency},
        "state": reward.state,
        "side": reward.side,
        "source": reward.source_key,
    }
    events.record(
        workspace_id=reward.workspace_id,
        type=type_,
        subject=reward,
        by=by,
        now=now,
        data=data,
        contact_id=reward.contact_id,
        company_id=reward.company_id,
    )
