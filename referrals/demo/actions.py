"""Playing the demo: the same actions as in real life, with the hours of the last eighteen months as `now`.

Deterministic but for "today": every run on one day makes the same companies, people, answers and numbers.
"""

import datetime as dt
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.db import transaction

from accounts.customers import actions as customers
from accounts.customers.models import Company, Contact
from accounts.members import actions as members
from accounts.members.models import Member, User
from accounts.tenancy.actor import SYSTEM
from accounts.tenancy.models import Workspace
from accounts.tenancy.money import Money
from accounts.tenancy.scope import workspace_scope
from feedback.experts import actions as experts
from feedback.responses.actions import Answer
from referrals.asks import intake
from referrals.demo import cast, story
from referrals.demo.stage import Stage
from referrals.programs import actions as programs

SLUG = "marlow"


def load(*, password: str, now: datetime) -> tuple[User, bool]:
    """Make the demo workspace unless it exists; gives the user to sign in as, and whether anything was made."""
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
            postal_address="Marlow GmbH, Lindenweg 4, 10115 Berlin",
            brand_color="#2747b8",
            # For looking around: nobody is asked for a second factor here.
            second_factor_roles=[],
        )
        with workspace_scope(made.workspace.pk):
            stage = _set(made.workspace, made.owner, password, now)
            _old_answers(stage, now)
            experts.recalculate(workspace=stage.workspace, today=now.date())
            story.play(stage, now)
    return user, True


def _user(email: str, password: str) -> User:
    user = User.objects.create_user(email, password)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def _set(workspace: Workspace, owner: Member, password: str, now: datetime) -> Stage:
    program = workspace.programs.get()
    program.peer_title, program.ideal_problem = "head of finance", "month-end"
    program.save()
    workspace.sender_name = cast.TEAM["alex"][0]
    workspace.save()
    stage = Stage(workspace, _team(workspace, owner, password, now), {}, {})
    for customer in cast.CUSTOMERS:
        stage.companies[customer.key] = _company(stage, customer, now)
        for person in customer.people:
            stage.people[person.key] = _person(stage, customer, person, now)
        _outcome(stage, customer, now)
    return stage


def _team(workspace: Workspace, owner: Member, password: str, now: datetime) -> dict[str, Member]:
    team = {}
    for key, (name, email, role, title) in cast.TEAM.items():
        if key == "alex":
            member = owner
        else:
            user = _user(email, password)
            member = members.add(workspace=workspace, user=user, role=role, by=SYSTEM, now=now)
        member.name, member.title, member.timezone = name, title, workspace.timezone
        member.save()
        team[key] = member
    return team


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
