"""How companies behave: how much they use, when they left and came back, what went wrong."""

from accounts.customers.models import Hold
from accounts.imports.batch import Batch
from accounts.imports.kinds.money import COMPANY
from accounts.imports.registry import Field, Kind

# So long an escalated case keeps people from being asked after it was closed.
ESCALATION_REST_DAYS = 90


def store_churn(batch: Batch) -> None:
    """Set `churned_at` of each company in the file from the last of its events.

    A file of companies may say whether a company is gone; then the events only say since when. Else the last event
    decides: a reactivation brings the company back. On one day the reactivation is the later one.
    """
    batch.need("company", "churned_on")
    batch.find_companies()
    batch.run(
        "CREATE TEMP TABLE import_churn ON COMMIT DROP AS SELECT company_id, "
        "coalesce(max(churned_on) FILTER (WHERE reactivation IS NOT TRUE), max(churned_on)) AS left_on, "
        "(array_agg(coalesce(reactivation, false) ORDER BY churned_on DESC, reactivation DESC NULLS LAST))[1] AS back "
        "FROM import_rows GROUP BY company_id"
    )
    changed = batch.run(
        "UPDATE accounts_company c SET updated_at = %(now)s, churned_at = CASE coalesce(c.attributes ->> 'churned', "
        "CASE WHEN e.back THEN 'false' ELSE 'true' END) "
        "WHEN 'true' THEN e.left_on::timestamp AT TIME ZONE %(zone)s ELSE NULL END "
        "FROM import_churn e WHERE c.workspace_id = %(workspace)s AND c.id = e.company_id "
        "RETURNING c.churned_at IS NULL",
        zone=batch.workspace.timezone,
    )
    batch.run("DROP TABLE import_churn")
    stay = sum(here for (here,) in changed)
    batch.report.stored["companies with churn events", "changed"] += len(changed)
    batch.report.said.append(f"{len(changed) - stay:,} of these companies are gone, {stay:,} are customers.")


def store_usage(batch: Batch) -> None:
    """Add up what each company used in this file, and rank all companies of the workspace by it.

    A file tells the whole use of the companies in it: importing it again counts nothing twice. `usage_score` is the
    percentile: the share of the other companies that use less, 0 to 100.
    """
    batch.need("count")
    batch.refuse("s.company IS NULL AND s.subscription IS NULL", "'Neither a company nor a subscription.'")
    batch.find_companies()
    batch.run(
        "UPDATE import_rows s SET company_id = u.company_id FROM accounts_subscription u "
        "WHERE s.company_id IS NULL AND u.workspace_id = %(workspace)s AND u.external_id = s.subscription"
    )
    batch.refuse(
        "s.company_id IS NULL",
        "format('There is no subscription “%%s” yet. Import subscriptions first.', s.subscription)",
    )
    changed = batch.run(
        "UPDATE accounts_company c SET updated_at = %(now)s, "
        "attributes = c.attributes || jsonb_build_object('usage_total', e.total) "
        "FROM (SELECT company_id, sum(count) AS total FROM import_rows GROUP BY company_id) e "
        "WHERE c.workspace_id = %(workspace)s AND c.id = e.company_id RETURNING 1"
    )
    batch.run(
        "UPDATE accounts_company c SET usage_score = ranked.score, updated_at = %(now)s FROM ("
        "SELECT id, round(100 * percent_rank() OVER (ORDER BY (attributes ->> 'usage_total')::numeric))::smallint "
        "AS score FROM accounts_company WHERE workspace_id = %(workspace)s "
        "AND jsonb_typeof(attributes -> 'usage_total') = 'number') ranked "
        "WHERE c.workspace_id = %(workspace)s AND c.id = ranked.id AND c.usage_score IS DISTINCT FROM ranked.score"
    )
    batch.report.stored["companies with use", "changed"] += len(changed)


def store_holds(batch: Batch) -> None:
    """Leave companies alone while a case is open, and for 90 days after an escalated one was closed.

    A case that is neither any more lifts the hold it once placed.
    """
    batch.need("external_id", "company", "submitted_at")
    batch.find_companies()
    batch.keep_last("s.external_id")
    batch.refuse("s.closed_at < s.submitted_at", "'It was closed before it was opened.'")
    batch.upsert(
        "holds",
        Hold,
        {
            "company_id": "s.company_id",
            "purpose": "'asks'",
            "source_key": "'ticket:' || s.external_id",
            "starts_at": "s.submitted_at",
        },
        exact={
            "reason": "CASE WHEN s.escalated THEN 'escalated_ticket' ELSE 'open_ticket' END",
            "detail": "left('Case ' || s.external_id || coalesce(', ' || s.priority, ''), 240)",
            "until": "s.closed_at + make_interval(days => %(rest)s)",
        },
        match="o.source_key = 'ticket:' || s.external_id",
        conflict="workspace_id, source_key",
        source="(SELECT * FROM import_rows WHERE closed_at IS NULL OR escalated) s",
        rest=ESCALATION_REST_DAYS,
    )
    lifted = batch.run(
        "UPDATE accounts_hold h SET lifted_at = %(now)s FROM import_rows s WHERE h.workspace_id = %(workspace)s "
        "AND h.source_key = 'ticket:' || s.external_id AND h.lifted_at IS NULL "
        "AND s.closed_at IS NOT NULL AND s.escalated IS NOT TRUE RETURNING 1"
    )
    if lifted:
        batch.report.notes["A case is closed: its hold is lifted."] += len(lifted)


CHURN = Kind(
    "churn",
    [
        COMPANY,
        Field("churned_on", "date", aliases=("churn_date", "churned_at", "date")),
        Field("reactivation", "yes_no", aliases=("is_reactivation", "reactivated")),
    ],
    needs=[("company",), ("churned_on",)],
    steps=[store_churn],
    whole_file=True,
    about="When companies left, and came back.",
    example={"account_id": "A-1", "churn_date": "2026-03-31", "is_reactivation": "no"},
)

USAGE = Kind(
    "usage",
    [
        COMPANY,
        Field("subscription", aliases=("subscription_id",)),
        Field("count", "integer", aliases=("usage_count", "events", "uses")),
    ],
    needs=[("company", "subscription"), ("count",)],
    steps=[store_usage],
    whole_file=True,
    about="How much each company used. The file tells all of it; the companies are ranked by their sums.",
    example={"account_id": "A-1", "usage_count": "418"},
)

TICKETS = Kind(
    "tickets",
    [
        Field("external_id", aliases=("ticket_id", "case_id", "id")),
        COMPANY,
        Field("submitted_at", "moment", aliases=("opened_at", "created_at", "created")),
        Field("closed_at", "moment", aliases=("solved_at", "resolved_at", "closed")),
        Field("priority", limit=40),
        Field("escalated", "yes_no", aliases=("escalation_flag", "is_escalated")),
    ],
    needs=[("external_id",), ("company",), ("submitted_at",)],
    steps=[store_holds],
    about="Support cases. While one is open, and for a while after an escalated one, the company is left alone.",
    example={
        "ticket_id": "T-1",
        "account_id": "A-1",
        "opened_at": "2026-10-01 09:00",
        "closed_at": "2026-10-02 12:00",
        "priority": "high",
        "escalated": "no",
    },
)
