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
_ATTRIBUTES = """coalesce(o.attributes, '{}'::jsonb) || coalesce(s.attributes, '{}'::jsonb)
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
    if "owner_email" in batch.given:
        _find_owners(batch)
        values["owner_id"] = "s.contact_id"
        # Since when matters only where somebody takes over: the draft introduces them.
        values["owner_since"] = "CASE WHEN o.owner_id <> s.contact_id THEN %(today)s::date END"
    undated = batch.run(
        "SELECT count(*) FROM import_rows s LEFT JOIN accounts_company o ON o.workspace_id = %(workspace)s "
        "AND o.external_id = s.external_id WHERE s.churned AND s.churned_at IS NULL AND o.churned_at IS NULL"
    )[0][0]
    batch.upsert("companies", Company, values, exact={"churned_at": _CHURNED_AT, "attributes": _ATTRIBUTES})
    if "domain" in batch.given:
        _store_domains(batch)
    if undated:
        batch.report.notes[
            "A company is marked as gone without a date: today stands in until its churn events are imported."
        ] += undated


def _find_owners(batch: Batch) -> None:
    """Who on the team looks after the company; the column for a person waits in `contact_id`."""
    batch.run(
        "UPDATE import_rows s SET contact_id = m.id FROM accounts_member m WHERE m.workspace_id = %(workspace)s "
        "AND lower(m.email) = s.owner_email AND m.is_active"
    )
    batch.refuse(
        "s.owner_email IS NOT NULL AND s.contact_id IS NULL",
        "format('Nobody on the team has the address %%s.', s.owner_email)",
    )


def _store_domains(batch: Batch) -> None:
    """Add each company's mail domain. One that belongs to another company stays there."""
    batch.run(
        "INSERT INTO accounts_companydomain (id, workspace_id, company_id, domain) "
        "SELECT DISTINCT ON (s.domain) uuidv7(), %(workspace)s, coalesce(c.merged_into_id, c.id), s.domain "
        "FROM import_rows s JOIN accounts_company c ON c.workspace_id = %(workspace)s "
        "AND c.external_id = s.external_id WHERE s.domain IS NOT NULL ORDER BY s.domain, s.line "
        "ON CONFLICT (workspace_id, domain) DO NOTHING"
    )
    ((elsewhere,),) = batch.run(
        "SELECT count(*) FROM import_rows s JOIN accounts_company c ON c.workspace_id = %(workspace)s "
        "AND c.external_id = s.external_id JOIN accounts_companydomain d ON d.workspace_id = %(workspace)s "
        "AND d.domain = s.domain AND d.company_id <> coalesce(c.merged_into_id, c.id)"
    )
    if elsewhere:
        batch.report.notes["A domain belongs to another company already: it stays there."] += elsewhere


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
        Field("domain", "domain", aliases=("website", "domains", "url"), limit=253),
        Field("owner_email", "email", aliases=("account_owner_email", "csm_email"), limit=254),
    ],
    needs=[("external_id",)],
    steps=[store],
    about="One row per customer, known again by the id it has in your own system.",
    example={
        "id": "A-1",
        "name": "Northwind",
        "domain": "northwind.example",
        "plan": "Pro",
        "arr": "48000",
        "currency": "USD",
        "customer_since": "2024-03-01",
        "renewal_on": "2027-03-01",
        "owner_email": "",
    },
    keeps_attributes=True,
)
