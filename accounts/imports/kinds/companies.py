"""Companies: one row each, known by the id they have in the file's own system."""

from accounts.customers.models import AcquiredVia, Company
from accounts.imports.batch import Batch
from accounts.imports.registry import Field, Kind

# How they chose us, in the words of other systems: a partner's word is earned, adverts and events are bought,
# "organic" and "other" do not tell.
REFERRAL_SOURCES = {
    **{value: value for value in AcquiredVia.values},
    "ads": AcquiredVia.ADVERTISING.value,
    "ad": AcquiredVia.ADVERTISING.value,
    "organic": AcquiredVia.UNKNOWN.value,
    "other": AcquiredVia.UNKNOWN.value,
}

# Whether a company is gone is said by its own row, when it went by its churn events.
_CHURNED_AT = """CASE WHEN s.churned IS FALSE THEN NULL
    WHEN s.churned THEN coalesce(s.churned_at, o.churned_at, %(now)s)
    ELSE coalesce(s.churned_at, o.churned_at) END"""
_ATTRIBUTES = """coalesce(o.attributes, '{}'::jsonb)
    || CASE WHEN s.churned IS NULL THEN '{}'::jsonb ELSE jsonb_build_object('churned', s.churned) END"""


def store(batch: Batch) -> None:
    """Insert or update the companies of a chunk by `external_id`."""
    batch.need("external_id")
    batch.keep_last("s.external_id")
    batch.refuse(
        "s.name IS NULL AND NOT EXISTS (SELECT FROM accounts_company c WHERE c.workspace_id = %(workspace)s "
        "AND c.external_id = s.external_id)",
        "'The name is blank.'",
    )
    batch.refuse("s.usage_score > 100", "'A usage score lies between 0 and 100.'")
    batch.refuse("s.arr < 0", "'The yearly revenue is below zero.'")
    plain = ("external_id", "name", "industry", "country", "plan", "trial", "seats", "customer_since", "renewal_on")
    values = {name: f"s.{name}" for name in plain}
    values["acquired_via"] = "coalesce(s.acquired_via, s.referral_source)"
    values["arr_minor"] = "s.arr"
    values["currency"] = "CASE WHEN s.arr IS NOT NULL THEN s.currency END"
    values["usage_score"] = "s.usage_score::smallint"
    undated = batch.run(
        "SELECT count(*) FROM import_rows s LEFT JOIN accounts_company o ON o.workspace_id = %(workspace)s "
        "AND o.external_id = s.external_id WHERE s.churned AND s.churned_at IS NULL AND o.churned_at IS NULL"
    )[0][0]
    batch.upsert("companies", Company, values, exact={"churned_at": _CHURNED_AT, "attributes": _ATTRIBUTES})
    if undated:
        batch.report.notes[
            "A company is marked as gone without a date: today stands in until its churn events are imported."
        ] += undated


COMPANIES = Kind(
    "companies",
    [
        Field("external_id", aliases=("account_id", "company_id", "customer_id", "id")),
        Field("name", aliases=("account_name", "company_name", "company", "account")),
        Field("industry", aliases=("sector",), limit=120),
        Field("country", "country", aliases=("country_code",)),
        Field("plan", aliases=("plan_tier", "tier", "plan_name"), limit=120),
        Field("seats", "integer", aliases=("users", "licenses")),
        Field("trial", "yes_no", aliases=("is_trial",)),
        Field("customer_since", "date", aliases=("signup_date", "since", "start_date", "created_on", "created_at")),
        Field("renewal_on", "date", aliases=("renewal_date", "renewal")),
        Field("churned", "yes_no", aliases=("churn_flag", "is_churned")),
        Field("churned_at", "moment", aliases=("churn_date", "churned_on")),
        Field("acquired_via", "choice", choices={value: value for value in AcquiredVia.values}),
        Field("referral_source", "choice", aliases=("lead_source", "source", "channel"), choices=REFERRAL_SOURCES),
        Field("arr", "money", aliases=("arr_amount", "annual_revenue")),
        Field("currency", "currency", limit=3),
        Field("usage_score", "integer"),
    ],
    needs=[("external_id",)],
    steps=[store],
)
