"""Collects the rooms' models for Django. Rooms import each other's `models`, never this file."""

from rewards.grants.models import Reward
from rewards.ledger.models import LedgerAccount, LedgerEntry, LedgerLine
from rewards.rules.models import RewardRule

__all__ = ["LedgerAccount", "LedgerEntry", "LedgerLine", "Reward", "RewardRule"]
