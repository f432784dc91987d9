"""Asks in Slack: how they look, and what their buttons do."""

from accounts.slack import cards as slack_cards
from accounts.slack import interactions
from referrals.chat import actions, cards


def register() -> None:
    """Called once when the apps are ready."""
    slack_cards.register(cards.KIND, cards.make)
    interactions.register(cards.KIND, actions.press)
