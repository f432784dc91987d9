"""Who gets what for an introduction, said before anybody acts."""

from dataclasses import dataclass

from accounts.tenancy.models import Workspace
from rewards.rules.models import RewardRule
from rewards.rules.sentences import sentence


@dataclass(frozen=True, slots=True)
class Promises:
    """The live rule of each side as one sentence; empty where there is none."""

    referrer: str = ""
    referee: str = ""


def promises(workspace: Workspace) -> Promises:
    """The live promises of the workspace, as its pages say them."""
    rules = workspace.reward_rules.filter(state=RewardRule.State.LIVE)
    return Promises(**{str(rule.side): sentence(rule) for rule in rules})
