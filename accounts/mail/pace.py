"""How fast mail may leave, per workspace and per domain of the recipients: receivers turn away who hurries.

A virtual schedule (the generic cell rate algorithm, ITU-T I.371): each mail moves the bucket's time on by one interval,
and the bucket is closed while that time lies more than a minute ahead. So a minute's worth may leave in one burst, and
the rate holds in the long run. One batch may overdraw it; the next ones wait for that.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import connection

from accounts.tenancy.models import Workspace

WHOLE_WORKSPACE = ""

_CLOSED = """
SELECT domain FROM accounts_pace
 WHERE workspace_id = %s AND next_at > statement_timestamp() + interval '1 minute'
"""
# Sorted, so that two workers cannot wait for each other.
_SPEND = """
INSERT INTO accounts_pace (id, workspace_id, domain, next_at)
SELECT uuidv7(), %(workspace)s, domain, statement_timestamp() + cost * interval '1 microsecond'
  FROM unnest(%(domains)s, %(costs)s) AS spent (domain, cost) ORDER BY domain
    ON CONFLICT (workspace_id, domain) DO UPDATE
   SET next_at = greatest(accounts_pace.next_at, statement_timestamp())
                 + (EXCLUDED.next_at - statement_timestamp())
"""
_MINUTE_US = 60_000_000


def closed_domains(workspace: Workspace) -> list[str]:
    """The domains that get no mail at this moment; `WHOLE_WORKSPACE` where nobody does."""
    if not any(rates(workspace)):
        return []
    with connection.cursor() as cursor:
        cursor.execute(_CLOSED, [workspace.pk])
        return [domain for (domain,) in cursor.fetchall()]


def spend(workspace: Workspace, addresses: Sequence[str]) -> None:
    """Count claimed mails. Inside the claim's transaction."""
    per_workspace, per_domain = rates(workspace)
    costs: dict[str, int] = {}
    if per_workspace:
        costs[WHOLE_WORKSPACE] = len(addresses) * _MINUTE_US // per_workspace
    if per_domain:
        counted = Counter(address.rpartition("@")[2].lower() for address in addresses)
        costs |= {domain: count * _MINUTE_US // per_domain for domain, count in counted.items()}
    if not costs or not addresses:
        return
    with connection.cursor() as cursor:
        values: dict[str, Any] = {"workspace": workspace.pk, "domains": list(costs), "costs": list(costs.values())}
        cursor.execute(_SPEND, values)


def rates(workspace: Workspace) -> tuple[int, int]:
    """Mails a minute of the workspace, and to one domain; 0 is no limit."""
    return (
        workspace.limit("mails_per_minute", settings.MAILS_PER_MINUTE),
        workspace.limit("mails_per_minute_and_domain", settings.MAILS_PER_MINUTE_AND_DOMAIN),
    )
