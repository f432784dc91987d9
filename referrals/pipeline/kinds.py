"""What kind of referral it is: seen once, when it arrives, and said in one sentence where somebody may ask why."""

from dataclasses import dataclass

from django.db.models import Q

from accounts.customers.models import Company, Contact, Deal
from accounts.members.models import Member, Role
from accounts.tenancy.models import Workspace
from referrals.pipeline.models import Referral
from referrals.pipeline.referee import Referee, same_mailbox
from referrals.pipeline.stages import OPEN

Kind = Referral.Kind


@dataclass(frozen=True, slots=True)
class Judgement:
    """The kind, the sentence that explains it ("" where there is nothing to explain), and who looks after it."""

    kind: str
    decision: str
    owner: Member | None


def judge(*, workspace: Workspace, referrer: Contact | None, referee: Referee) -> Judgement:
    """Whether this is somebody new, a colleague, a former customer or somebody we already talk to."""
    known = known_contact(workspace, referee.email_normalized)
    company = company_of(workspace, known, referee)
    owner = company.owner if company and company.owner and company.owner.is_active else None
    if _is_colleague(referrer, known, company, referee):
        whose = company.name if company else "their own company"
        decision = f"A colleague at {whose}: it goes to the person who looks after the account, without a reward."
        return Judgement(Kind.INTERNAL, decision, owner or _of(referrer))
    if company is None:
        return Judgement(Kind.NEW_BUSINESS, _first_touch(workspace, referee), None)
    if company.churned_at is not None:
        return Judgement(Kind.WIN_BACK, f"{company.name} was a customer before: this counts as a win-back.", owner)
    if workspace.deals.filter(company=company, outcome=Deal.Outcome.OPEN).exists():
        decision = f"We were already talking with {company.name}: this helps, and the thanks are personal."
        return Judgement(Kind.HELPED, decision, owner)
    if known is not None:
        decision = f"{known.name} at {company.name} is already a customer: their own contact person gets in touch."
        return Judgement(Kind.HELPED, decision, owner)
    decision = f"{company.name} is already a customer, {referee.name} is new to us: a person decides about a reward."
    return Judgement(Kind.NEW_BUSINESS, decision, owner)


def known_contact(workspace: Workspace, email_normalized: str | None) -> Contact | None:
    """The contact with this address; a merged duplicate leads to the one that was kept."""
    if not email_normalized:
        return None
    people = workspace.contacts.select_related("company__owner", "merged_into__company__owner")
    known = people.filter(email_normalized=email_normalized).first()
    return known and (known.merged_into or known)


def company_of(workspace: Workspace, known: Contact | None, referee: Referee) -> Company | None:
    """Where the referee works, if that is a company we know: theirs as a contact, else the one with their domain."""
    if known is not None and known.company is not None:
        return known.company
    rows = workspace.company_domains.select_related("company__owner", "company__merged_into__owner")
    row = rows.filter(domain=referee.domain).first() if referee.domain else None
    return (row.company.merged_into or row.company) if row else None


def who_takes_it(workspace: Workspace, referrer: Contact | None) -> Member | None:
    """Who follows a new lead: the sales member with the fewest open referrals, else the referrer's contact person."""
    team = workspace.members.filter(is_active=True)
    sales = team.filter(role=Role.SALES)
    load = {member.pk: 0 for member in sales}
    for owner_id in workspace.referrals.filter(owner__in=load, stage__in=OPEN).values_list("owner_id", flat=True):
        load[owner_id] += 1
    free = min(sales, key=lambda member: (load[member.pk], member.pk), default=None)
    return free or _of(referrer) or team.filter(role=Role.OWNER).order_by("pk").first()


def _of(referrer: Contact | None) -> Member | None:
    owner = referrer.company.owner if referrer and referrer.company else None
    return owner if owner and owner.is_active else None


def _is_colleague(referrer: Contact | None, known: Contact | None, company: Company | None, referee: Referee) -> bool:
    if referrer is None:
        return False
    if known is not None and known.pk == referrer.pk:
        return True
    if same_mailbox(referrer.email, referee.email):
        return True
    if company is not None and referrer.company_id == company.pk:
        return True
    own = Referee(name="", email=referrer.email).domain
    return bool(own) and own == referee.domain


def _first_touch(workspace: Workspace, referee: Referee) -> str:
    """The account comes first: the second referral of one company says so, and a person decides about its reward."""
    if not referee.domain:
        return ""
    earlier = workspace.referrals.filter(Q(stage__in=OPEN) | Q(stage=Referral.Stage.WON))
    first = earlier.filter(referee_company_domain=referee.domain).order_by("created_at", "pk").first()
    if first is None:
        return ""
    return f"{first.referee_name} of the same company was referred first: a person decides who is rewarded."
