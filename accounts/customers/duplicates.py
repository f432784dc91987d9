"""Who may be one and the same: pairs that look alike, until somebody merges them or says that they are two.

Each look is one statement over stored columns; a page shows the first of each.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection, transaction

from accounts.customers.merging import merge_companies, merge_contacts
from accounts.customers.models import Company, Contact, TwoOfThem
from accounts.tenancy.actor import Actor
from accounts.tenancy.errors import InvalidInput
from accounts.tenancy.models import Workspace

MOST_PAIRS = 50

Row = TypeVar("Row", Contact, Company)

# Each groups rows by what they share; the two oldest of a group are one pair, the next comes when they are merged.
_SAME_NAME_AND_COMPANY = """
SELECT (array_agg(id ORDER BY created_at, id))[1:2] FROM accounts_contact
 WHERE workspace_id = %s AND merged_into_id IS NULL AND company_id IS NOT NULL AND name_key LIKE '%% %%'
 GROUP BY company_id, name_key HAVING count(*) > 1 ORDER BY name_key, company_id LIMIT %s
"""
_SAME_ADDRESS_ELSEWHERE = """
SELECT (array_agg(id ORDER BY created_at, id))[1:2] FROM accounts_contact
 WHERE workspace_id = %s AND merged_into_id IS NULL AND email_normalized IS NOT NULL AND name_key LIKE '%% %%'
 GROUP BY name_key, split_part(email_normalized, '@', 1) HAVING count(*) > 1 ORDER BY name_key LIMIT %s
"""
_SAME_PHONE = """
SELECT (array_agg(id ORDER BY created_at, id))[1:2] FROM accounts_contact
 WHERE workspace_id = %s AND merged_into_id IS NULL AND length(regexp_replace(phone, '\\D', '', 'g')) >= 7
 GROUP BY right(regexp_replace(phone, '\\D', '', 'g'), 9), split_part(name_key, ' ', 1)
HAVING count(*) > 1 ORDER BY 1 LIMIT %s
"""
# "Acme GmbH" and "ACME": legal forms, dots and commas aside.
_SAME_COMPANY_NAME = """
SELECT (array_agg(id ORDER BY created_at, id))[1:2] FROM (
    SELECT id, created_at, btrim(regexp_replace(regexp_replace(name_key, '[.,]', '', 'g'),
           '\\m(gmbh|ag|se|kg|inc|llc|ltd|limited|corp|corporation|co|plc|bv|nv|sa|sas|srl|oy|ab|as)\\M', '', 'g')
           ) AS bare
      FROM accounts_company WHERE workspace_id = %s AND merged_into_id IS NULL) company
 WHERE bare <> '' GROUP BY bare HAVING count(*) > 1 ORDER BY bare LIMIT %s
"""
# acme.com and acme.de.
_SAME_DOMAIN_NAME = """
SELECT (array_agg(DISTINCT company.id))[1:2] FROM accounts_companydomain domain
  JOIN accounts_company company ON company.workspace_id = domain.workspace_id AND company.id = domain.company_id
 WHERE domain.workspace_id = %s AND company.merged_into_id IS NULL
   AND length(split_part(domain.domain, '.', 1)) >= 4 AND domain.domain NOT LIKE '%%.%%.%%'
 GROUP BY split_part(domain.domain, '.', 1)
HAVING count(DISTINCT company.id) > 1 ORDER BY split_part(domain.domain, '.', 1) LIMIT %s
"""
_CONTACT_LOOKS = {
    "the same name at the same company": _SAME_NAME_AND_COMPANY,
    "the same name and address, at another domain": _SAME_ADDRESS_ELSEWHERE,
    "the same first name and phone": _SAME_PHONE,
}
_COMPANY_LOOKS = {
    "the same name": _SAME_COMPANY_NAME,
    "the same domain with another ending": _SAME_DOMAIN_NAME,
}


@dataclass(frozen=True, slots=True)
class Pair:
    """Two rows, the older one first, and why they may be one."""

    one: Any
    other: Any
    because: str

    @property
    def both(self) -> tuple[Any, Any]:
        return self.one, self.other


def pairs(*, workspace: Workspace) -> tuple[list[Pair], list[Pair]]:
    """People who may be one, and companies. Eight statements."""
    judged = set(workspace.two_of_them.values_list("low_id", "high_id"))
    return (
        _pairs(workspace, workspace.contacts.select_related("company"), _CONTACT_LOOKS, judged),
        _pairs(workspace, workspace.companies.select_related("owner"), _COMPANY_LOOKS, judged),
    )


@transaction.atomic
def say_two(*, workspace: Workspace, one: Row, other: Row, by: Actor, now: datetime) -> None:
    """They are two: never suggest this pair again. Raises InvalidInput for one with itself."""
    if one.pk == other.pk:
        raise InvalidInput("That is one record.", code="same")
    low, high = sorted((one.pk, other.pk))
    TwoOfThem.objects.get_or_create(
        workspace=workspace, low_id=low, high_id=high, defaults={"said_by_kind": by.kind.value, "said_by_id": by.id}
    )


def merge(*, workspace: Workspace, keep: Row, merge: Row, by: Actor, now: datetime) -> Row:
    """Make them one; see `merging`. Raises InvalidInput."""
    if isinstance(keep, Contact):
        return merge_contacts(workspace=workspace, keep=keep, merge=merge, by=by, now=now)
    return merge_companies(workspace=workspace, keep=keep, merge=merge, by=by, now=now)


def _pairs(workspace: Workspace, rows: Any, looks: dict[str, str], judged: set[tuple[UUID, UUID]]) -> list[Pair]:
    because: dict[tuple[UUID, UUID], str] = {}
    for words, look in looks.items():
        # Pairs already judged must not hide those behind them.
        for one, other in _look(workspace, look, MOST_PAIRS + len(judged)):
            low, high = sorted((one, other))
            if (low, high) not in judged:
                because.setdefault((low, high), words)
    found = rows.in_bulk({pk for pair in because for pk in pair})
    pairs = [Pair(found[low], found[high], words) for (low, high), words in because.items()]
    return sorted(pairs, key=lambda pair: pair.one.name_key)[:MOST_PAIRS]


def _look(workspace: Workspace, sql: str, most: int) -> list[tuple[UUID, UUID]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [workspace.pk, most])
        return [(ids[0], ids[1]) for (ids,) in cursor.fetchall()]
