"""Collects the rooms' models for Django. Rooms import each other's `models`, never this file."""

from referrals.asks.models import Ask
from referrals.demo.models import DemoJob
from referrals.first_run.models import FirstRun
from referrals.insights.models import WeekGoals
from referrals.links.models import Link, Visit
from referrals.outages.models import OutageReport
from referrals.pipeline.models import Referral
from referrals.practice.models import Practice
from referrals.programs.models import Program
from referrals.thanks.models import ThankYou

__all__ = [
    "Ask",
    "DemoJob",
    "FirstRun",
    "Link",
    "OutageReport",
    "Practice",
    "Program",
    "Referral",
    "ThankYou",
    "Visit",
    "WeekGoals",
]
