"""Whoever approves is told of a reward that waits for it."""

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse

from accounts.notices import actions as notices
from accounts.notices import recipients
from accounts.notices.actions import News
from accounts.notices.models import Kind
from accounts.tenancy.models import Workspace
from accounts.tenancy.money import Money
from accounts.tenancy.money import format as money_words
from rewards.grants.models import Reward


def tell_approvers(*, workspace: Workspace, rewards: Sequence[Reward], now: datetime) -> None:
    """Tell finance, else whoever may approve, once for each reward."""
    readers = recipients.approvers(workspace) if rewards else []
    told = [(reader, _news(workspace, reward)) for reward in rewards for reader in readers]
    notices.tell_all(workspace=workspace, told=told, now=now)


def put_away(*, reward: Reward, now: datetime) -> None:
    """Somebody decided: nobody else need hear of it."""
    notices.put_away(workspace=reward.workspace, subjects=[_subject(reward)], now=now)


def _news(workspace: Workspace, reward: Reward) -> News:
    worth = _worth(reward)
    return News(
        kind=Kind.APPROVAL,
        key=f"reward:{reward.pk}:approval",
        subject=_subject(reward),
        title=f"Approve {worth} for {reward.contact or reward.company}",
        text=reward.sentence,
        path=reverse("reward-record", args=[workspace.slug, reward.public_id]),
    )


def _subject(reward: Reward) -> str:
    return f"reward:{reward.pk}"


def _worth(reward: Reward) -> str:
    if not reward.amount_minor:
        return str(reward.get_kind_display()).lower()
    return money_words(Money(reward.amount_minor, reward.currency))
