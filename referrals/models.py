"""Collects the rooms' models for Django. Rooms import each other's `models`, never this file."""

from referrals.asks.models import Ask
from referrals.insights.models import WeekGoals
from referrals.links.models import Link, Visit
from referrals.outages.models import OutageReport
from referrals.pipeline.models import Referral
from referrals.programs.models import Program
from referrals.thanks.models import ThankYou

__all__ = ["Ask", "Link", "OutageReport", "Program", "Referral", "ThankYou", "Visit", "WeekGoals"]
