"""Playing the demo: the same actions as in real life, with the hours of the last eighteen months as `now`.

Deterministic but for "today": every run on one day makes the same companies, people, answers and numbers.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction

from accounts.customers import actions as customers
from accounts.customers.models import Company, Contact
from accounts.members import actions as members
from accounts.members.models import Member, Role, User
from accounts.tenancy import actions as workspaces
from accounts.tenancy.actor import SYSTEM
from accounts.tenancy.models import SandboxKind, Workspace
from accounts.tenancy.money import Money
from accounts.tenancy.scope import workspace_scope
from feedback.experts import actions as experts
from feedback.responses.actions import Answer
from referrals.asks import intake
from referrals.demo import cast, story
from referrals.demo.stage import Stage, stage_of
from referrals.programs import actions as programs

SLUG = "marlow"
LOOK: dict[str, Any] = {
    "postal_address": "Marlow GmbH, Lindenweg 4, 10115 Berlin",
    "brand_color": "#2747b8",
    # For looking around: nobody is asked for a second factor here.
    "second_factor_roles": [],
}


def load(*, password: str, now: datetime) -> tuple[User, bool]:
    """Make the demo workspace Marlow unless it exists; gives the user to sign in as, and whether anything was made."""
    email = cast.TEAM["alex"][1]
    if Workspace.objects.filter(slug=SLUG).exists():
        return User.objects.get(email=email), False
    with transaction.atomic():
        user = _user(email, password)
        made = programs.set_up_workspace(
            name="Marlow",
            owner_email=email,
            now=now - timedelta(days=560),
            is_demo=True,
            timezone="Europe/Berlin",
            country="DE",
            **LOOK,
        )
        with workspace_scope(made.workspace.pk):
            _hire(made.workspace, made.owner, password, now)
            for scene in SCENES:
                scene.play(made.workspace, now)
    return user, True


def found_beside(*, home: Workspace, member: Member, now: datetime) -> Workspace:
    """An empty stage beside a real workspace, with the member as its owner. The colleagues cannot sign in."""
    look = {"currency": home.currency, "timezone": home.timezone, "country": home.country, **LOOK}
    sandbox = workspaces.create_sandbox(home=home, kind=SandboxKind.DEMO, name="Marlow (demo data)", **look)
    with workspace_scope(sandbox.pk):
        owner = members.add(workspace=sandbox, user=member.user, role=Role.OWNER, by=SYSTEM, now=now, name=member.name)
        programs.furnish(sandbox)
        programs.first_rules(sandbox)
        _hire(sandbox, owner, None, now)
    return sandbox


def play_scene(*, sandbox: Workspace, position: int, now: datetime) -> None:
    """Play one scene, told from `now`; they follow each other in the order of SCENES."""
    with workspace_scope(sandbox.pk):
        SCENES[position].play(sandbox, now)


def _user(email: str, password: str) -> User:
    user = User.objects.create_user(email, password)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def _hire(workspace: Workspace, owner: Member, password: str | None, now: datetime) -> None:
    """The team of the cast. Alex is whoever owns the workspace; without a password nobody else can sign in."""
    for key, (name, email, role, title) in cast.TEAM.items():
        if key == "alex":
            member = owner
        elif password is None:
            user = User.objects.create_user(f"{key}.{workspace.slug}@marlow.example")
            member = members.add(workspace=workspace, user=user, role=role, by=SYSTEM, now=now)
        else:
            member = members.add(workspace=workspace, user=_user(email, password), role=role, by=SYSTEM, now=now)
        if key != "alex" or password:
            member.name, member.email = name, email
        member.title, member.timezone = title, workspace.timezone
        member.save()
    workspace.sender_name, workspace.sender_email = owner.name, owner.email
    workspace.save()


def _customers(workspace: Workspace, now: datetime) -> None:
    """Program, companies, people, outcomes."""
    program = workspace.programs.get()
    program.peer_title, program.ideal_problem = "head of finance", "month-end"
    program.save()
    stage = stage_of(workspace)
    for customer in cast.CUSTOMERS:
        stage.companies[customer.key] = _company(stage, customer, now)
        for person in customer.people:
            stage.people[person.key] = _person(stage, customer, person, now)
        _outcome(stage, customer, now)


def _answers(workspace: Workspace, now: datetime) -> None:
    _old_answers(stage_of(workspace), now)


def _experts(workspace: Workspace, now: datetime) -> None:
    experts.recalculate(workspace=workspace, today=now.date())


def _story(workspace: Workspace, now: datetime) -> None:
    story.play(stage_of(workspace), now)


@dataclass(frozen=True, slots=True)
class Scene:
    """A part of the demo that is stored whole or not at all."""

    title: str
    play: Callable[[Workspace, datetime], None]


SCENES = (
    Scene("Customers and what changed for them", _customers),
    Scene("Eighteen months of answers", _answers),
    Scene("Who knows the product best", _experts),
    Scene("Asks, introductions, a won deal", _story),
)


def _company(stage: Stage, customer: cast.Customer, now: datetime) -> Company:
    today = now.date()
    churned = customer.churned_days_ago
    fields = {
        "external_id": f"demo-{customer.key}",
        "name": customer.name,
        "domains": [customer.domain],
        "industry": customer.industry,
        "country": customer.country,
        "plan": customer.plan,
        "arr": Money(customer.arr * 100, "USD"),
        "seats": customer.seats,
        "trial": customer.trial,
        "customer_since": today - timedelta(days=round(customer.months * 30.4)),
        "churned_at": now - timedelta(days=churned) if churned else None,
        "renewal_on": today + timedelta(days=customer.renewal_in_days) if customer.renewal_in_days else None,
        "usage_score": customer.usage,
        "owner_email": stage.team[customer.owner].email,
        "acquired_via": customer.acquired_via,
        "publicity": customer.publicity,
    }
    company, _created = customers.upsert_company(workspace=stage.workspace, fields=fields, by=SYSTEM, now=now)
    for back in range(min(customer.months, 18) if customer.arr else 0):
        monthly = Money(customer.arr * 100 // 12, "USD")
        customers.record_revenue(workspace=stage.workspace, company=company, month=_month(today, back), money=monthly)
    return company


def _month(today: dt.date, back: int) -> dt.date:
    """The first day of the month so many months ago."""
    year, month = divmod(today.year * 12 + today.month - 1 - back, 12)
    return dt.date(year, month + 1, 1)


def _person(stage: Stage, customer: cast.Customer, person: cast.Person, now: datetime) -> Contact:
    local = ".".join(part for part in (person.first_name, person.last_name) if part).lower()
    fields = {
        "external_id": f"demo-{person.key}",
        "first_name": person.first_name,
        "last_name": person.last_name,
        "title": person.title,
        "seniority": person.seniority,
        "timezone": person.timezone,
        "company": stage.companies[customer.key],
    }
    if person.has_email:
        fields["email"] = f"{local.replace('á', 'a')}@{customer.domain}"
    contact, _created = customers.upsert_contact(workspace=stage.workspace, fields=fields, by=SYSTEM, now=now)
    return contact


def _outcome(stage: Stage, customer: cast.Customer, now: datetime) -> None:
    if customer.outcome is None:
        return
    metric, baseline, after, challenge, summary = customer.outcome
    person = customer.people[0]
    fields = {
        "metric": metric,
        "baseline": baseline,
        "now": after,
        "old_challenge": challenge,
        "summary": summary,
        "source": "Business review",
        "approved_by": f"{person.first_name} {person.last_name}",
        "approved_at": now - timedelta(days=80),
    }
    company, by = stage.companies[customer.key], stage.by(customer.owner)
    customers.add_outcome(workspace=stage.workspace, company=company, fields=fields, by=by, now=now)


def _old_answers(stage: Stage, now: datetime) -> None:
    """Eighteen months of answers that came before Goodword: they start no clock."""
    for days, key, metric, score, comment in cast.OLD_ANSWERS:
        at = now - timedelta(days=days, hours=days % 7)
        answer = Answer(metric, score, "import", at, comment=comment, external_id=f"demo-{days}-{key}")
        intake.take_in(
            workspace=stage.workspace, contact=stage.people[key], company=None, answer=answer, by=SYSTEM, now=now
        )
