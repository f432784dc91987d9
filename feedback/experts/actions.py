"""Writing down who knows the product well enough to be asked first."""

import json
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from accounts.tenancy.models import Workspace
from feedback.experts.score import ANSWERS_FOR_FULL_STEADINESS, RECENT_DAYS, Facts, score

BATCH = 5_000

# Answers about a company, not a person, count for all its people; steadiness looks at the latest of both.
_FACTS = """
SELECT c.id, c.seniority, p.usage_score, p.customer_since, p.renewal_signed_at IS NOT NULL,
       CASE WHEN p.id IS NULL THEN NULL ELSE p.churned_at IS NULL AND NOT p.trial END,
       coalesce(o.days, '{{}}'), coalesce(a.good, '{{}}'), coalesce(m.days, '{{}}'), c.expert_score, c.expert_parts
  FROM {people} c
  LEFT JOIN accounts_company p ON p.workspace_id = %(workspace)s AND p.id = c.company_id
  LEFT JOIN LATERAL (
    SELECT array_agg((approved_at AT TIME ZONE 'UTC')::date) AS days FROM accounts_outcome
     WHERE workspace_id = %(workspace)s AND (contact_id = c.id OR company_id = c.company_id AND contact_id IS NULL)
       AND approved_at >= %(since)s) o ON true
  LEFT JOIN LATERAL (
    SELECT array_agg(good) AS good FROM (
      SELECT category IN ('promoter', 'satisfied', 'easy') AS good FROM (
        (SELECT category, responded_at, id FROM feedback_response
          WHERE workspace_id = %(workspace)s AND contact_id = c.id
          ORDER BY responded_at DESC, id DESC LIMIT %(answers)s)
        UNION ALL
        (SELECT category, responded_at, id FROM feedback_response
          WHERE workspace_id = %(workspace)s AND company_id = c.company_id AND contact_id IS NULL
          ORDER BY responded_at DESC, id DESC LIMIT %(answers)s)) given
       ORDER BY responded_at DESC, id DESC LIMIT %(answers)s) latest) a ON true
  LEFT JOIN LATERAL (
    SELECT array_agg((occurred_at AT TIME ZONE 'UTC')::date) AS days FROM feedback_moment
     WHERE workspace_id = %(workspace)s AND contact_id = c.id AND kind = 'business_review'
       AND occurred_at >= %(since)s) m ON true
 WHERE c.workspace_id = %(workspace)s AND {which}
"""
_ALL = _FACTS.format(people="accounts_contact", which="c.id > %(after)s ORDER BY c.id LIMIT %(limit)s")
_SOME = _FACTS.format(people="accounts_contact", which="c.id = ANY(%(contacts)s)")
# People who are about to be stored: of themselves nothing is known but their company and how senior they are.
_NEW = _FACTS.format(
    people="(SELECT %(workspace)s::uuid AS workspace_id, NULL::uuid AS id, NULL::smallint AS expert_score, "
    "NULL::jsonb AS expert_parts, * FROM unnest(%(companies)s::uuid[], %(seniorities)s::text[]) WITH ORDINALITY "
    "AS told (company_id, seniority, place))",
    which="true ORDER BY c.place",
)
_STORE = """
UPDATE accounts_contact c SET expert_score = new.score, expert_parts = new.parts, updated_at = now()
  FROM jsonb_to_recordset(%(rows)s::jsonb) AS new(id uuid, score smallint, parts jsonb)
 WHERE c.workspace_id = %(workspace)s AND c.id = new.id
"""


def recalculate(*, workspace: Workspace, today: date) -> int:
    """Work out the expert score of every contact, inside the workspace's scope; gives how many changed.

    Writes `expert_score` and `expert_parts` (the five parts, and `stood_in`: the facts used in place of surveys).
    """
    changed, after = 0, "00000000-0000-0000-0000-000000000000"
    while True:
        rows = _rows(workspace, today, after)
        if not rows:
            return changed
        changed += _store(workspace, today, rows)
        after = str(rows[-1][0])


def recalculate_some(*, workspace: Workspace, contacts: Sequence[UUID], today: date) -> int:
    """Work out the expert score of these contacts; gives how many changed."""
    changed = 0
    for start in range(0, len(contacts), BATCH):
        rows = _query(_SOME, _known(workspace, today) | {"contacts": list(contacts[start : start + BATCH])})
        changed += _store(workspace, today, rows)
    return changed


def of_new_people(
    *, workspace: Workspace, groups: Sequence[tuple[UUID | None, str]], today: date
) -> list[tuple[int, dict[str, Any]]]:
    """The (score, parts) that somebody new begins with, for each (company, seniority) in order."""
    found = []
    for start in range(0, len(groups), BATCH):
        companies, seniorities = zip(*groups[start : start + BATCH], strict=True)
        told = {"companies": list(companies), "seniorities": list(seniorities)}
        rows = _query(_NEW, _known(workspace, today) | told)
        found += [_judged(today, *facts) for _, *facts, _score, _parts in rows]
    return found


def _known(workspace: Workspace, today: date) -> dict[str, Any]:
    since = today - timedelta(days=RECENT_DAYS)
    return {"workspace": workspace.pk, "since": since, "answers": ANSWERS_FOR_FULL_STEADINESS}


def _rows(workspace: Workspace, today: date, after: str) -> list[tuple[Any, ...]]:
    return _query(_ALL, _known(workspace, today) | {"after": after, "limit": BATCH})


def _query(sql: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def _store(workspace: Workspace, today: date, rows: list[tuple[Any, ...]]) -> int:
    new = []
    for contact_id, *facts, known_score, known_parts in rows:
        total, parts = _judged(today, *facts)
        stored = json.loads(known_parts) if isinstance(known_parts, str) else known_parts
        if (total, parts) != (known_score, stored):
            new.append({"id": str(contact_id), "score": total, "parts": parts})
    if new:
        with connection.cursor() as cursor:
            cursor.execute(_STORE, {"workspace": workspace.pk, "rows": json.dumps(new)})
    return len(new)


def _judged(
    today: date,
    seniority: str,
    usage: int | None,
    since: date | None,
    renewed: bool,
    retained: bool | None,
    outcomes: list[date],
    answers: list[bool],
    involved: list[date],
) -> tuple[int, dict[str, Any]]:
    expert = score(
        Facts(
            today=today,
            use_percentile=None if usage is None else usage / 100,
            outcomes_on=tuple(outcomes),
            customer_since=since,
            answers=tuple(answers),
            involvements_on=tuple(involved),
            renewals=int(renewed),
            retained=retained,
            is_executive=seniority in {"executive", "sponsor"},
        )
    )
    return expert.total, {**expert.parts, "stood_in": expert.stood_in, "by_outcomes": expert.by_outcomes}
