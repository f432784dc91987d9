"""Links with what became of them."""

from uuid import UUID

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.tenancy.models import Workspace
from referrals.links.models import Link, Visit


def counted(workspace: Workspace) -> QuerySet[Link]:
    """The workspace's links with `human_visits`, `unique_visitors`, `bot_visits` and `referral_count`.

    Where no cookie may be set visitors can't be told apart, and `unique_visitors` is 0.
    """
    visits = Visit.objects.filter(workspace=workspace, link=OuterRef("pk")).order_by().values("link")
    referrals = workspace.referrals.filter(link=OuterRef("pk")).order_by().values("link")
    return workspace.links.select_related("contact").annotate(
        human_visits=_number(visits.annotate(n=Count("pk", filter=Q(is_bot=False)))),
        unique_visitors=_number(visits.annotate(n=Count("visitor_id", distinct=True))),
        bot_visits=_number(visits.annotate(n=Count("pk", filter=Q(is_bot=True)))),
        referral_count=_number(referrals.annotate(n=Count("pk"))),
    )


def counted_one(workspace: Workspace, link_id: UUID) -> Link:
    """One of them. Raises Link.DoesNotExist."""
    return counted(workspace).get(pk=link_id)


def _number(rows: QuerySet) -> Coalesce:
    return Coalesce(Subquery(rows.values("n")), 0, output_field=IntegerField())
