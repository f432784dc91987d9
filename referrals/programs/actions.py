"""A workspace that can work from its first minute."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.text import slugify

from accounts.api import actions as keys
from accounts.api.models import Scope
from accounts.members import actions as members
from accounts.members.models import Member, Role, User
from accounts.tenancy import actions as workspaces
from accounts.tenancy.actor import SYSTEM
from accounts.tenancy.models import Workspace
from accounts.tenancy.scope import workspace_scope
from feedback.surveys.models import Survey
from referrals.programs.models import Program
from rewards.rules.models import RewardRule

GENEROUS_REQUESTS_PER_MINUTE = 60_000
REFERRER_REWARD_MINOR = 50_000
REFEREE_REWARD_MINOR = 25_000
CASH_HOLD_DAYS = 30


@dataclass(frozen=True, slots=True)
class ReadyWorkspace:
    """`password` is None where the owner had an account before; `api_key` is "" for who signed up."""

    workspace: Workspace
    owner: Member
    password: str | None
    api_key: str


@transaction.atomic
def set_up_workspace(
    *, name: str, owner_email: str, now: datetime, owner_name: str = "", for_operator: bool = True, **fields: Any
) -> ReadyWorkspace:
    """A workspace ready to work: owner, live program, NPS survey.

    `for_operator`: with a live reward rule for each side, a key and a generous limit. Whoever signs up decides what
    they promise, and makes a key when they need one.
    """
    user, password = _owner(owner_email)
    if for_operator:
        fields["limits"] = {"api_requests_per_minute": GENEROUS_REQUESTS_PER_MINUTE}
    workspace = workspaces.create(name=name, **fields)
    with workspace_scope(workspace.pk):
        owner = members.add(workspace=workspace, user=user, role=Role.OWNER, by=SYSTEM, now=now, name=owner_name)
        if not workspace.sender_email:
            workspace.sender_name, workspace.sender_email = owner.name, owner.email
            workspace.save(update_fields=["sender_name", "sender_email"])
        furnish(workspace)
        secret = _for_operator(workspace, now) if for_operator else ""
    return ReadyWorkspace(workspace, owner, password, secret)


def _for_operator(workspace: Workspace, now: datetime) -> str:
    first_rules(workspace)
    scopes = [scope.value for scope in Scope]
    _key, secret = keys.create_key(workspace=workspace, name="First key", scopes=scopes, by=SYSTEM, now=now)
    return secret


def furnish(workspace: Workspace) -> None:
    """The first program and the first survey."""
    _first_program(workspace)
    _first_survey(workspace)


def _owner(email: str) -> tuple[User, str | None]:
    email = email.strip().lower()
    user = User.objects.filter(email=email).first()
    if user is not None:
        return user, None
    password = secrets.token_urlsafe(12)
    user = User.objects.create_user(email, password)
    # The operator vouches for the address, so no confirmation mail is needed.
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user, password


def _first_program(workspace: Workspace) -> Program:
    return Program.objects.create(
        workspace=workspace,
        name="Introductions",
        slug=slugify("introductions"),
        state=Program.State.LIVE,
        policy=Program.Policy.ASSISTED,
    )


def _first_survey(workspace: Workspace) -> Survey:
    return Survey.objects.create(
        workspace=workspace,
        name="Relationship NPS",
        metric="nps",
        question=f"How likely are you to recommend {workspace.name} to a colleague at another company?",
    )


def first_rules(workspace: Workspace) -> None:
    """A live promise above zero for each side."""
    terms = {"workspace": workspace, "trigger": "won", "currency": workspace.currency, "state": "live"}
    RewardRule.objects.create(
        side="referrer", kind="gift_card", amount_minor=REFERRER_REWARD_MINOR, hold_days=CASH_HOLD_DAYS, **terms
    )
    RewardRule.objects.create(
        side="referee", kind="account_credit", amount_minor=REFEREE_REWARD_MINOR, hold_days=0, **terms
    )
