"""Promises to people who refer and are referred."""

from datetime import datetime

from django.db import transaction

from accounts.events import actions as events
from accounts.tenancy.actor import Actor
from accounts.tenancy.errors import Refusal
from accounts.tenancy.models import Workspace
from accounts.tenancy.money import Money
from rewards.rules.models import RewardRule
from rewards.rules.sentences import sentence

State = RewardRule.State


class RuleNotLive(Refusal):
    code = "reward_rule_not_live"


@transaction.atomic
def create(
    *,
    workspace: Workspace,
    side: str,
    kind: str,
    amount: Money,
    by: Actor,
    now: datetime,
    trigger: str = RewardRule.Trigger.WON,
    hold_days: int = 30,
) -> RewardRule:
    """Make a rule live; the side's former one is retired, what it promised stays owed.

    Raises InvalidInput for a rule that no plain sentence can say.
    """
    rule = RewardRule(
        workspace=workspace,
        side=side,
        trigger=trigger,
        kind=kind,
        amount_minor=amount.amount,
        currency=amount.currency,
        hold_days=hold_days,
        state=State.LIVE,
    )
    text = sentence(rule)
    for former in workspace.reward_rules.select_for_update().filter(side=side, state=State.LIVE):
        retire(rule=former, by=by, now=now)
    rule.save(force_insert=True)
    _record(rule, "reward_rule.created", by=by, now=now, sentence=text)
    return rule


@transaction.atomic
def retire(*, rule: RewardRule, by: Actor, now: datetime) -> RewardRule:
    """Promise nothing more under this rule. Raises RuleNotLive."""
    rule = RewardRule.objects.select_for_update().get(pk=rule.pk, workspace_id=rule.workspace_id)
    if rule.state != State.LIVE:
        raise RuleNotLive("This rule is not live.")
    rule.state = State.RETIRED
    rule.save(update_fields=["state", "updated_at"])
    _record(rule, "reward_rule.retired", by=by, now=now)
    return rule


def _record(rule: RewardRule, type_: str, *, by: Actor, now: datetime, **data: object) -> None:
    data |= {"reward_rule": rule.public_id, "side": rule.side}
    events.record(workspace_id=rule.workspace_id, type=type_, subject=rule, by=by, now=now, data=data)
