"""Lists of companies and people."""

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.customers.experts import EXPERT_FROM
from accounts.customers.models import Company, Contact
from accounts.tenancy.models import Workspace

COMPANY_SHOWS = {
    "": Q(),
    "customers": Q(churned_at=None, trial=False),
    "trial": Q(churned_at=None, trial=True),
    "left": Q(churned_at__isnull=False),
}
COMPANY_SORTS = {
    "name": [F("name").asc(), F("pk").asc()],
    "-revenue": [F("arr_minor").desc(nulls_last=True), F("pk").asc()],
    "revenue": [F("arr_minor").asc(nulls_last=True), F("pk").asc()],
    "renewal": [F("renewal_on").asc(nulls_last=True), F("pk").asc()],
    "-since": [F("customer_since").desc(nulls_last=True), F("pk").asc()],
}
CONTACT_SHOWS = ("", "promoters", "low", "experts", "resting")
CONTACT_SORTS = {
    "name": [Coalesce("first_name", "email").asc(), F("last_name").asc(), F("pk").asc()],
    "-answered": [F("latest_answer_at").desc(nulls_last=True), F("pk").asc()],
    "-asked": [F("asked_at").desc(nulls_last=True), F("pk").asc()],
}


def companies(*, workspace: Workspace, search: str = "", show: str = "", sort: str = "name") -> QuerySet[Company]:
    """Companies with `people`, their number of contacts. Merged duplicates are left out."""
    rows = workspace.companies.filter(COMPANY_SHOWS[show], merged_into=None)
    if search:
        rows = rows.filter(Q(name__icontains=search) | Q(domains__domain__icontains=search)).distinct()
    people = Count("contacts", filter=Q(contacts__merged_into=None), distinct=True)
    return rows.select_related("owner").annotate(people=people).order_by(*COMPANY_SORTS[sort])


def contacts(*, workspace: Workspace, search: str = "", show: str = "", sort: str = "name") -> QuerySet[Contact]:
    """People with their company. Every word of the search must be found in a name, the address or the company."""
    rows = workspace.contacts.filter(_contact_show(show), merged_into=None)
    for word in search.split()[:5]:
        rows = rows.filter(
            Q(first_name__icontains=word)
            | Q(last_name__icontains=word)
            | Q(email__icontains=word)
            | Q(company__name__icontains=word)
        )
    return rows.select_related("company").order_by(*CONTACT_SORTS[sort])


def _contact_show(show: str) -> Q:
    return {
        "": Q(),
        "promoters": Q(promoter_at__isnull=False),
        "low": Q(low_answer_at__isnull=False),
        "experts": Q(expert_score__gte=EXPERT_FROM),
        "resting": Q(rest_until__gt=timezone.now()),
    }[show]
