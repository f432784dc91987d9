"""What companies pay and what is being negotiated: revenue by month, deals, subscriptions."""

from accounts.customers.models import AcquiredVia, Deal, MonthlyRevenue
from accounts.imports.batch import Batch
from accounts.imports.kinds.companies import REFERRAL_SOURCES
from accounts.imports.models import Subscription
from accounts.imports.registry import Field, Kind

COMPANY = Field("company", aliases=("account_id", "company_id", "customer_id", "account"))


def store_revenue(batch: Batch) -> None:
    """One row per company, month, kind and currency; a repeated one replaces the amount."""
    batch.need("company", "month", "amount")
    batch.find_companies()
    batch.run("UPDATE import_rows SET kind = coalesce(kind, 'recurring')")
    batch.keep_last("(s.company_id, s.month, s.kind, s.currency)")
    batch.upsert(
        "months of revenue",
        MonthlyRevenue,
        {
            "company_id": "s.company_id",
            "month": "s.month",
            "kind": "s.kind",
            "amount_minor": "s.amount",
            "currency": "s.currency",
        },
        match="(o.company_id, o.month, o.kind, o.currency) = (s.company_id, s.month, s.kind, s.currency)",
        conflict="workspace_id, company_id, month, kind, currency",
    )


def store_deals(batch: Batch) -> None:
    """Deals of every source by `external_id`."""
    batch.need("external_id", "company", "created_on")
    batch.find_companies()
    batch.keep_last("s.external_id")
    batch.run("UPDATE import_rows SET outcome = coalesce(outcome, 'open')")
    batch.refuse("s.outcome = 'open' AND s.closed_on IS NOT NULL", "'An open deal has no closing date.'")
    values = {name: f"s.{name}" for name in ("external_id", "company_id", "source", "created_on", "outcome")}
    values["value_minor"] = "s.value"
    values["currency"] = "CASE WHEN s.value IS NOT NULL THEN s.currency END"
    reopened = "CASE WHEN s.outcome = 'open' THEN NULL ELSE coalesce(s.closed_on, o.closed_on) END"
    batch.upsert("deals", Deal, values, exact={"closed_on": reopened})


def store_subscriptions(batch: Batch) -> None:
    """Keep each subscription by `external_id`; a row without an end is one that goes on."""
    batch.need("external_id", "company", "start_on")
    batch.find_companies()
    batch.keep_last("s.external_id")
    batch.refuse("s.end_on < s.start_on", "'It ends before it starts.'")
    batch.refuse("s.mrr < 0 OR s.arr < 0", "'The amount is below zero.'")
    values = {name: f"s.{name}" for name in ("external_id", "company_id", "start_on", "trial", "currency")}
    values["mrr_minor"] = "coalesce(s.mrr, round(s.arr / 12.0)::bigint)"
    values["arr_minor"] = "coalesce(s.arr, s.mrr * 12)"
    batch.upsert("subscriptions", Subscription, values, exact={"end_on": "s.end_on"})


# The last day the subscriptions speak of: an open one is counted up to its month, never into the future.
_LAST = """(SELECT least(max(greatest(start_on, coalesce(end_on, start_on))), %(today)s::date) AS day
              FROM accounts_subscription WHERE workspace_id = %(workspace)s)"""
_REVENUE = f"""CREATE TEMP TABLE import_revenue ON COMMIT DROP AS
    SELECT u.company_id, month::date AS month, u.currency, sum(u.mrr_minor)::bigint AS amount
      FROM accounts_subscription u, {_LAST} AS last,
           generate_series(date_trunc('month', u.start_on::timestamp),
                           date_trunc('month', least(u.end_on - 1, last.day)::timestamp), '1 month') AS month
     WHERE u.workspace_id = %(workspace)s AND NOT u.trial AND (u.end_on IS NULL OR u.end_on > u.start_on)
     GROUP BY 1, 2, 3"""  # noqa: S608 -- own words
_NO_LONGER = """DELETE FROM accounts_monthlyrevenue r
    WHERE r.workspace_id = %(workspace)s AND r.kind = 'recurring'
      AND r.company_id IN (SELECT company_id FROM accounts_subscription WHERE workspace_id = %(workspace)s)
      AND NOT EXISTS (SELECT FROM import_revenue i WHERE i.company_id = r.company_id AND i.month = r.month
                         AND i.currency = r.currency)"""
# What runs on the last day; of several currencies the largest, which is never added to another.
_ARR = f"""UPDATE accounts_company c SET arr_minor = now.arr, currency = now.currency, updated_at = %(now)s
    FROM (SELECT DISTINCT ON (company_id) company_id, currency, arr
            FROM (SELECT u.company_id, u.currency,
                         coalesce(sum(u.arr_minor) FILTER (
                             WHERE NOT u.trial AND u.start_on <= last.day
                               AND (u.end_on IS NULL OR u.end_on > last.day)), 0)::bigint AS arr
                    FROM accounts_subscription u, {_LAST} AS last
                   WHERE u.workspace_id = %(workspace)s GROUP BY 1, 2) each
           ORDER BY company_id, arr DESC, currency) now
    WHERE c.workspace_id = %(workspace)s AND c.id = now.company_id
      AND (c.arr_minor, c.currency) IS DISTINCT FROM (now.arr, now.currency)"""  # noqa: S608 -- own words


def add_up_revenue(batch: Batch) -> None:
    """Monthly recurring revenue and ARR of every company with subscriptions, from all that are stored.

    A month's revenue is the sum of `mrr` of the subscriptions, trials apart, that ran on at least one day of it; the
    day of `end_on` is the first that is no longer paid. ARR is the sum of `arr` of those running on the last day the
    subscriptions speak of. For these companies both replace what was stored before.
    """
    batch.run(_REVENUE)
    batch.run("ANALYZE import_revenue")
    batch.run(_NO_LONGER)
    batch.upsert(
        "months of revenue",
        MonthlyRevenue,
        {
            "company_id": "s.company_id",
            "month": "s.month",
            "kind": "'recurring'",
            "amount_minor": "s.amount",
            "currency": "s.currency",
        },
        match="(o.company_id, o.month, o.kind, o.currency) = (s.company_id, s.month, 'recurring', s.currency)",
        conflict="workspace_id, company_id, month, kind, currency",
        source="import_revenue s",
    )
    batch.run(_ARR)
    batch.run("DROP TABLE import_revenue")


# The words of HubSpot's and Salesforce's pipelines as they come, and plain ones.
_OUTCOMES = {
    **{value: value for value in Deal.Outcome.values},
    "closed won": "won",
    "closedwon": "won",
    "closed lost": "lost",
    "closedlost": "lost",
    **dict.fromkeys(
        (
            *("appointment scheduled", "qualified to buy", "presentation scheduled", "decision maker bought-in"),
            *("contract sent", "prospecting", "qualification", "needs analysis", "value proposition"),
            *("id. decision makers", "perception analysis", "proposal/price quote", "negotiation/review"),
        ),
        "open",
    ),
}

REVENUE = Kind(
    "revenue",
    [
        COMPANY,
        Field("month", "month", aliases=("date", "period")),
        Field("amount", "money", aliases=("revenue", "mrr", "value")),
        Field("currency", "currency"),
        Field("kind", "choice", aliases=("type",), choices={value: value for value in MonthlyRevenue.Kind.values}),
    ],
    needs=[("company",), ("month",), ("amount",)],
    steps=[store_revenue],
    about="What a company paid in a month. A month told again replaces the amount.",
    example={"account_id": "A-1", "month": "2026-10", "amount": "1200", "currency": "USD", "kind": "recurring"},
)

DEALS = Kind(
    "deals",
    [
        Field("external_id", aliases=("deal_id", "opportunity_id", "id")),
        COMPANY,
        Field(
            "source",
            "choice",
            aliases=("lead_source", "acquired_via"),
            choices=REFERRAL_SOURCES
            | {
                AcquiredVia.ORGANIC.value: AcquiredVia.ORGANIC.value,
                AcquiredVia.OTHER.value: AcquiredVia.OTHER.value,
            },
        ),
        Field("created_on", "date", aliases=("created_at", "created", "create_date", "open_date")),
        Field("closed_on", "date", aliases=("closed_at", "close_date", "closed")),
        Field(
            "outcome",
            "choice",
            aliases=("status", "stage", "state"),
            choices=_OUTCOMES,
        ),
        Field("value", "money", aliases=("amount", "deal_value")),
        Field("currency", "currency"),
    ],
    needs=[("external_id",), ("company",), ("created_on",)],
    steps=[store_deals],
    about="Deals of every source, open and closed. What was referred is measured against the others.",
    example={
        "deal_id": "D-1",
        "account_id": "A-1",
        "source": "referral",
        "created_on": "2026-01-05",
        "closed_on": "2026-03-01",
        "outcome": "won",
        "value": "36000",
        "currency": "USD",
    },
)

SUBSCRIPTIONS = Kind(
    "subscriptions",
    [
        Field("external_id", aliases=("subscription_id", "id")),
        COMPANY,
        Field("start_on", "date", aliases=("start_date", "started_on", "start")),
        Field("end_on", "date", aliases=("end_date", "ended_on", "end")),
        Field("trial", "yes_no", aliases=("is_trial",)),
        Field("mrr", "money", aliases=("mrr_amount", "monthly_amount")),
        Field("arr", "money", aliases=("arr_amount", "annual_amount")),
        Field("currency", "currency"),
    ],
    needs=[("external_id",), ("company",), ("start_on",), ("mrr", "arr")],
    steps=[store_subscriptions],
    about="One row per contract and period. Monthly revenue is added up from all of them.",
    example={
        "subscription_id": "S-1",
        "account_id": "A-1",
        "start_date": "2026-01-01",
        "end_date": "",
        "mrr": "1200",
        "currency": "USD",
    },
    closing=[add_up_revenue],
)
