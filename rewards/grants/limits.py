"""Four eyes: who may approve how much."""

from accounts.tenancy.actor import Actor
from accounts.tenancy.models import Workspace
from rewards.grants.models import Reward


def needs_second_person(reward: Reward, workspace: Workspace) -> bool:
    """Above the workspace's limit. Another currency than the workspace's is never compared, so it counts as above."""
    if not reward.amount_minor:
        return False
    return reward.currency != workspace.currency or reward.amount_minor > workspace.approval_limit_minor


def is_second(reward: Reward, by: Actor) -> bool:
    """A member other than the one who caused the reward; a key is never the second pair of eyes."""
    return by.is_person_of_the_team and by.id != reward.created_by_id
