"""What a practice is played on: Jamie, a customer, and the look, words and promises of the real workspace."""

from datetime import datetime, timedelta
from typing import TypeVar

from django.db import models

from accounts.customers import actions as customers
from accounts.customers.models import Company, Contact
from accounts.members.models import Member
from accounts.tenancy.actor import SYSTEM
from accounts.tenancy.models import Workspace
from feedback.surveys.models import Survey
from referrals.programs.models import Program
from rewards.rules.models import RewardRule

M = TypeVar("M", bound=models.Model)

# What the customer and the friend see of a workspace.
_LOOK = ("timezone", "country", "locale", "currency", "postal_address", "imprint_url", "privacy_url", "eu_mode")
_LOOK_BEGINS = ("brand_", "logo")
_OF_THE_ROW = ("id", "created_at", "updated_at", "workspace")


def look_of(home: Workspace, member: Member) -> dict[str, object]:
    """The fields a practice takes over; its letters are in the name of who plays."""
    names = [field.name for field in home._meta.concrete_fields if field.name.startswith(_LOOK_BEGINS)]
    look = {name: getattr(home, name) for name in (*_LOOK, *names)}
    return look | {"sender_name": home.sender_name or member.name, "sender_email": home.sender_email or member.email}


def words_of(home: Workspace) -> tuple[Program, Survey, list[RewardRule]]:
    """The program, survey and promises that a customer would meet first, as rows not stored yet. Needs home's scope."""
    live = home.programs.filter(state=Program.State.LIVE).order_by("priority", "pk").first()
    survey = home.surveys.filter(metric="nps", is_live=True).order_by("pk").first()
    program = _copy(live) if live else Program(name="Introductions", slug="introductions", state=Program.State.LIVE)
    question = f"How likely are you to recommend {home.name} to a colleague at another company?"
    asked = _copy(survey) if survey else Survey(name="Practice", metric="nps", question=question)
    return program, asked, [_copy(rule) for rule in home.reward_rules.filter(state=RewardRule.State.LIVE)]


def invite_jamie(sandbox: Workspace, now: datetime) -> Contact:
    """Jamie of Northwind, a glad customer for two years, with an outcome that may be told."""
    company, _new = customers.upsert_company(
        workspace=sandbox,
        fields={
            "external_id": "practice-northwind",
            "name": "Northwind",
            "domains": ["northwind.example"],
            "industry": "Logistics",
            "customer_since": (now - timedelta(days=760)).date(),
            "publicity": Company.Publicity.ALLOWED,
        },
        by=SYSTEM,
        now=now,
    )
    person = {
        "external_id": "practice-jamie",
        "email": "jamie@northwind.example",
        "first_name": "Jamie",
        "last_name": "Okafor",
        "title": "Head of Operations",
        "company": company,
    }
    jamie, _new = customers.upsert_contact(workspace=sandbox, fields=person, by=SYSTEM, now=now)
    outcome = {
        "metric": "hours of reporting a month",
        "baseline": "40 h",
        "now": "24 h",
        "old_challenge": "40 hours of reporting a month",
        "summary": "cut reporting time by 40 %",
        "source": "Practice",
        "approved_by": "Jamie Okafor",
        "approved_at": now - timedelta(days=30),
    }
    customers.add_outcome(workspace=sandbox, company=company, fields=outcome, by=SYSTEM, now=now)
    return jamie


def _copy(row: M) -> M:
    fields = [field for field in row._meta.concrete_fields if field.name not in _OF_THE_ROW]
    return type(row)(**{field.name: getattr(row, field.name) for field in fields})
