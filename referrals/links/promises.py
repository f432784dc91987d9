"""Who gets what for an introduction, said before anybody acts."""

from dataclasses import dataclass

from accounts.customers.models import Company
from accounts.tenancy.models import Workspace
from rewards.rules.models import RewardKind, RewardRule
from rewards.rules.sentences import sentence


@dataclass(frozen=True, slots=True)
class Promises:
    """What each side is promised, as one sentence said to that side; empty where it gets nothing."""

    referrer: str = ""
    referee: str = ""


def promises(*, workspace: Workspace, company: Company | None) -> Promises:
    """The live promises for an introduction by somebody of this company. Thanks alone are no reward."""
    rules = workspace.reward_rules.filter(state=RewardRule.State.LIVE).exclude(kind=RewardKind.THANKS)
    said = {str(rule.side): sentence(rule) for rule in rules}
    if company is not None and company.gift_policy == Company.GiftPolicy.FORBIDDEN:
        said.pop(RewardRule.Side.REFERRER.value, None)
    return Promises(**said)
