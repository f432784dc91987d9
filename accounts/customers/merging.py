"""Two records of one person or company become one. The other stays as a signpost: nothing is lost, nothing leaves it.

Rows of the apps above are moved by Django's own list of relations, so that this room need not know them.
"""

from datetime import datetime
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.db.models import F

from accounts.customers.models import Company, Contact, MonthlyRevenue
from accounts.customers.rests import keep_the_longest
from accounts.events import actions as events
from accounts.mail.actions import email_hash, suppress
from accounts.tenancy.actor import Actor
from accounts.tenancy.errors import InvalidInput
from accounts.tenancy.models import Workspace

Row = TypeVar("Row", Contact, Company)


@transaction.atomic
def merge_contacts(*, workspace: Workspace, keep: Contact, merge: Contact, by: Actor, now: datetime) -> Contact:
    """Make `merge` a part of `keep`: the latest ask, the longest rest, the strictest opt-out, all answers and links.

    What can't move because `keep` has its like (a link in the same program) stays reachable at the signpost.
    Raises InvalidInput for a record merged into itself, or merged before.
    """
    keep, merge = _both(workspace.contacts, keep, merge)
    keep_the_longest([keep, merge])
    _move_relations(keep, merge)
    _share_opt_outs(workspace, keep, merge)
    _take_over_keys(keep, merge, ("external_id",), ("email", "email_normalized"))
    _combine_contact_facts(keep, merge)
    _fill_gaps(
        keep,
        merge,
        "company",
        "first_name",
        "last_name",
        "title",
        "phone",
        "linkedin_url",
        "locale",
        "timezone",
        "country",
        "preferred_reward",
    )
    keep.attributes = {**merge.attributes, **keep.attributes}
    _close(keep, merge)
    _record("contact.merged", keep, merge, by, now, contact_id=keep.pk, company_id=keep.company_id)
    return keep


@transaction.atomic
def merge_companies(*, workspace: Workspace, keep: Company, merge: Company, by: Actor, now: datetime) -> Company:
    """Make `merge` a part of `keep`: its people, domains, deals, holds and answers; revenue of one month is summed.

    Raises InvalidInput for a company merged into itself, or merged before.
    """
    keep, merge = _both(workspace.companies, keep, merge)
    _add_revenue(workspace, keep, merge)
    _move_relations(keep, merge)
    _take_over_keys(keep, merge, ("external_id",))
    _fill_gaps(
        keep,
        merge,
        "industry",
        "country",
        "plan",
        "seats",
        "renewal_on",
        "renewal_signed_at",
        "usage_score",
        "owner",
        "owner_since",
        "referrer_hint",
    )
    if keep.arr_minor is None:
        keep.arr_minor, keep.currency = merge.arr_minor, merge.currency
    starts = [day for day in (keep.customer_since, merge.customer_since) if day]
    keep.customer_since = min(starts, default=None)
    keep.publicity = _strictest(keep.publicity, merge.publicity, "forbidden", "anonymous", "unknown", "allowed")
    keep.gift_policy = _strictest(keep.gift_policy, merge.gift_policy, "forbidden", "allowed", "unknown")
    if keep.acquired_via == "unknown":
        keep.acquired_via = merge.acquired_via
    keep.attributes = {**merge.attributes, **keep.attributes}
    _close(keep, merge)
    _record("company.merged", keep, merge, by, now, company_id=keep.pk)
    return keep


def _both(rows: Any, keep: Row, merge: Row) -> tuple[Row, Row]:
    if keep.pk == merge.pk:
        raise InvalidInput("A record can't be merged into itself.", code="same", field="merge")
    # In one order, so that two merges of the same pair wait instead of blocking each other.
    locked = {row.pk: row for row in rows.select_for_update().filter(pk__in=[keep.pk, merge.pk]).order_by("pk")}
    for name, row in (("keep", keep), ("merge", merge)):
        if locked[row.pk].merged_into_id:
            raise InvalidInput("This record was merged before.", code="merged", field=name)
    return locked[keep.pk], locked[merge.pk]


def _move_relations(keep: Row, merge: Row) -> None:
    for relation in keep._meta.related_objects:
        name = relation.field.name
        rows = relation.related_model._base_manager.filter(workspace=keep.workspace_id, **{name: merge.pk})
        if not _moved(rows, name, keep):
            for key in rows.values_list("pk", flat=True):
                _moved(rows.filter(pk=key), name, keep)


def _moved(rows: Any, name: str, keep: Row) -> bool:
    try:
        with transaction.atomic():
            rows.update(**{f"{name}_id": keep.pk})
    except IntegrityError:
        # A unique key: `keep` has its own. The row stays with the signpost, where its address still works.
        return False
    return True


def _add_revenue(workspace: Workspace, keep: Company, merge: Company) -> None:
    for row in workspace.revenue.filter(company=merge):
        same = workspace.revenue.filter(company=keep, month=row.month, kind=row.kind, currency=row.currency)
        if same.update(amount_minor=F("amount_minor") + row.amount_minor):
            MonthlyRevenue.objects.filter(workspace=workspace, pk=row.pk).delete()


def _share_opt_outs(workspace: Workspace, keep: Contact, merge: Contact) -> None:
    addresses = [contact.email_normalized for contact in (keep, merge) if contact.email_normalized]
    rows = workspace.suppressions.filter(email_hash__in=[email_hash(address) for address in addresses])
    for purpose, reason in set(rows.values_list("purpose", "reason")):
        for address in addresses:
            suppress(workspace=workspace, email=address, purpose=purpose, reason=reason)


def _take_over_keys(keep: Any, merge: Any, *keys: tuple[str, ...]) -> None:
    """What only the duplicate has becomes the kept one's; else it stays, and leads here."""
    for names in keys:
        if getattr(merge, names[-1]) and not getattr(keep, names[-1]):
            for name in names:
                setattr(keep, name, getattr(merge, name))
                setattr(merge, name, None if merge._meta.get_field(name).null else "")


def _combine_contact_facts(keep: Contact, merge: Contact) -> None:
    later = max(keep, merge, key=lambda c: (c.latest_answer_at is not None, c.latest_answer_at))
    keep.low_answer_at, keep.latest_answer_at = later.low_answer_at, later.latest_answer_at
    nps = max(keep, merge, key=lambda c: c.latest_scores.get("nps", {}).get("at", ""))
    keep.promoter_at = nps.promoter_at
    for metric, entry in merge.latest_scores.items():
        if entry.get("at", "") > keep.latest_scores.get(metric, {}).get("at", ""):
            keep.latest_scores[metric] = entry
    if (merge.expert_score or 0) > (keep.expert_score or 0):
        keep.expert_score, keep.expert_parts = merge.expert_score, merge.expert_parts
    for name in ("high_answer_at", "referred_recently_at", "asked_at"):
        setattr(keep, name, _later(getattr(keep, name), getattr(merge, name)))
    keep.silences = max(keep.silences, merge.silences)


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max((at for at in (one, other) if at), default=None)


def _fill_gaps(keep: Any, merge: Any, *names: str) -> None:
    for name in names:
        attribute = keep._meta.get_field(name).attname
        if getattr(keep, attribute) in (None, ""):
            setattr(keep, attribute, getattr(merge, attribute))


def _strictest(one: str, other: str, *order: str) -> str:
    return min(one, other, key=order.index)


def _close(keep: Row, merge: Row) -> None:
    # First the duplicate: it gives up the unique keys that the kept one takes.
    merge.merged_into_id = keep.pk
    merge.save()
    keep.save()


def _record(kind: str, keep: Any, merge: Any, by: Actor, now: datetime, **whose: Any) -> None:
    data = {"id": keep.public_id, "merged": merge.public_id}
    events.record(workspace_id=keep.workspace_id, type=kind, subject=keep, by=by, now=now, data=data, **whose)
