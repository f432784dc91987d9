"""What a draft may mention about one contact, each fact with its source. A comment is never quoted by itself."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Q

from accounts.customers.models import Contact, Outcome
from accounts.tenancy.models import Workspace
from feedback.responses.models import Response
from referrals.asks.drafts import Fact
from referrals.asks.senders import Sender
from referrals.asks.words import said_when
from referrals.links.addresses import advocate_url, landing_url
from referrals.links.models import Link
from referrals.programs.models import Program


def collect(
    *,
    workspace: Workspace,
    contact: Contact,
    program: Program,
    link: Link,
    sender: Sender,
    response: Response | None,
    outcome: Outcome | None,
    zone: ZoneInfo,
    now: datetime,
) -> dict[str, Fact]:
    """The facts by token (referrals/asks/tokens.py); what is unknown is blank and counts as missing."""
    facts = {
        "contact.first_name": Fact(contact.first_name, "Contact"),
        "contact.last_name": Fact(contact.last_name, "Contact"),
        "contact.title": Fact(contact.title, "Contact"),
        "company.name": Fact(contact.company.name if contact.company else "", "Company"),
        "sender.first_name": Fact(sender.first_name, "Sender"),
        "sender.name": Fact(sender.name, "Sender"),
        "workspace.name": Fact(workspace.name, "Workspace"),
        "program.peer_title": Fact(program.peer_title, f"Program {program.name}"),
        "program.ideal_problem": Fact(program.ideal_problem, f"Program {program.name}"),
        "advocate_url": Fact(advocate_url(link), "Link"),
        "link_url": Fact(landing_url(link), "Link"),
    }
    if response is not None:
        locale = contact.locale or workspace.locale
        source = f"{response.get_metric_display()} answer of {response.responded_at.astimezone(zone):%d %B %Y}"
        facts["response.score"] = Fact(str(response.score), source)
        facts["response.said_when"] = Fact(said_when(response.responded_at, now, zone, locale), source)
    if outcome is not None:
        source = f"Outcome approved by {outcome.approved_by}"
        for name in ("summary", "metric", "baseline", "now", "period", "old_challenge"):
            facts[f"outcome.{name}"] = Fact(getattr(outcome, name), source)
    return facts


def latest_outcome(*, workspace: Workspace, contact: Contact, now: datetime) -> Outcome | None:
    """The latest outcome of the contact or their company that may be told at `now`."""
    whose = Q(contact_id=contact.pk)
    if contact.company_id:
        whose |= Q(company_id=contact.company_id)
    approved = workspace.outcomes.filter(whose, approved_at__lte=now, approved_until__gt=now)
    return approved.order_by("-approved_at", "-pk").first()
