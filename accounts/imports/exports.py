"""What other tools call their columns. Written from their public documentation and from exports seen in the open as of
2026; tools rename columns, so a file that is not recognised is read by its names, and a person can change every column.

Names are compared as `plain_name` writes them: "Response Created At" is "response_created_at".
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Export:
    """One file that a tool writes. All of `marks` must be there; `columns` has, for each field, names in order.

    A name with a star at its end is the beginning of a question: "how_likely*".
    """

    tool: str
    kind: str
    marks: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]]
    constants: Mapping[str, str] = field(default_factory=dict)
    # The row below the header is no row.
    sub_header: bool = False

    def fits(self, names: Collection[str]) -> bool:
        return all(_find(mark, names) is not None for mark in self.marks)

    def columns_in(self, places: Mapping[str, int]) -> dict[str, int]:
        """Where each field stands in a file with these names."""
        found: dict[str, int] = {}
        for name, wanted in self.columns.items():
            there = next((hit for one in wanted if (hit := _find(one, places)) is not None), None)
            if there is not None and places[there] not in found.values():
                found[name] = places[there]
        return found


def _find(wanted: str, names: Collection[str]) -> str | None:
    if not wanted.endswith("*"):
        return wanted if wanted in names else None
    start = wanted.rstrip("*")
    return next((name for name in names if name.startswith(start)), None)


# The question of the Net Promoter Score as people write it, and what comes after it.
_NPS_QUESTION = ("how_likely*", "on_a_scale*", "would_you_recommend*", "nps", "score")
_WHY = ("what_is_the*", "what_s_the*", "why*", "tell_us*", "what_made*", "what_could*", "comment*", "any_other*")

EXPORTS: list[Export] = [
    # Delighted: Trends -> Export; one row per answer.
    Export(
        "Delighted",
        "responses",
        ("score", "permalink"),
        {
            "external_id": ("response_id", "permalink"),
            "email": ("email", "person_email"),
            "score": ("score",),
            "metric": ("survey_type",),
            "comment": ("comment",),
            "responded_at": ("response_created_at", "created_at", "response_updated_at"),
        },
    ),
    # AskNicely: Responses -> Download.
    Export(
        "AskNicely",
        "responses",
        ("answer", "responded"),
        {
            "external_id": ("response_id", "id"),
            "email": ("email", "person_email"),
            "score": ("answer",),
            "comment": ("comment", "feedback"),
            "responded_at": ("responded", "responded_iso"),
        },
    ),
    Export(
        "AskNicely",
        "responses",
        ("nps_score", "segment"),
        {
            "external_id": ("response_id", "id"),
            "email": ("email", "email_address"),
            "score": ("nps_score",),
            "comment": ("comment",),
            "responded_at": ("responded", "response_date", "date", "responded_at"),
        },
    ),
    # SurveyMonkey: All responses, CSV; questions are headers, the second row says "Response" below each.
    Export(
        "SurveyMonkey",
        "responses",
        ("respondent_id", "collector_id", "end_date"),
        {
            "external_id": ("respondent_id",),
            "email": ("email_address",),
            "score": _NPS_QUESTION,
            "comment": _WHY,
            "responded_at": ("end_date", "date_modified"),
        },
        constants={"metric": "nps"},
        sub_header=True,
    ),
    # Typeform: Results -> Download as CSV; "#" is the answer's token and has no letter to compare.
    Export(
        "Typeform",
        "responses",
        ("submit_date_utc", "network_id"),
        {
            "external_id": ("token", "response_id"),
            "email": ("email", "email_address", "what_s_your_email*", "what_is_your_email*", "your_email*"),
            "score": _NPS_QUESTION,
            "comment": _WHY,
            "responded_at": ("submit_date_utc",),
        },
        constants={"metric": "nps"},
    ),
    # HubSpot: any record index, Export view.
    Export(
        "HubSpot",
        "deals",
        ("record_id", "deal_name"),
        {
            "external_id": ("record_id",),
            "company": ("associated_company_ids", "associated_company_id"),
            "created_on": ("create_date",),
            "closed_on": ("close_date",),
            "outcome": ("deal_stage",),
            "value": ("amount",),
            "source": ("original_traffic_source", "original_source", "deal_source"),
        },
    ),
    Export(
        "HubSpot",
        "contacts",
        ("record_id", "email"),
        {
            "external_id": ("record_id",),
            "email": ("email",),
            "first_name": ("first_name",),
            "last_name": ("last_name",),
            "title": ("job_title",),
            "phone": ("phone_number",),
            "company": ("associated_company_ids", "associated_company_ids_primary", "primary_associated_company_id"),
            "country": ("country_region",),
            "linkedin_url": ("linkedin_url",),
        },
    ),
    Export(
        "HubSpot",
        "companies",
        ("record_id", "company_name"),
        {
            "external_id": ("record_id",),
            "name": ("company_name",),
            "domain": ("company_domain_name", "website_url"),
            "industry": ("industry",),
            "country": ("country_region",),
            "customer_since": ("became_a_customer_date", "close_date"),
            "arr": ("annual_recurring_revenue",),
            "owner_email": ("company_owner_email",),
        },
    ),
    # Salesforce: reports, "Details Only" as CSV; the ids are the 15 letters shown in reports or the 18 of the API.
    Export(
        "Salesforce",
        "deals",
        ("opportunity_name", "stage"),
        {
            "external_id": ("opportunity_id", "id"),
            "company": ("account_id", "accountid"),
            "created_on": ("created_date", "createddate"),
            "closed_on": ("close_date", "closedate"),
            "outcome": ("stage", "stagename"),
            "value": ("amount",),
            "source": ("lead_source", "leadsource"),
            "currency": ("amount_currency", "currencyisocode"),
        },
    ),
    Export(
        "Salesforce",
        "contacts",
        ("contact_id", "account_id", "email"),
        {
            "external_id": ("contact_id", "id"),
            "company": ("account_id", "accountid"),
            "email": ("email",),
            "first_name": ("first_name", "firstname"),
            "last_name": ("last_name", "lastname"),
            "title": ("title",),
            "phone": ("phone",),
            "country": ("mailing_country", "mailingcountry"),
        },
    ),
    Export(
        "Salesforce",
        "companies",
        ("account_id", "account_name"),
        {
            "external_id": ("account_id", "id"),
            "name": ("account_name",),
            "domain": ("website",),
            "industry": ("industry",),
            "country": ("billing_country",),
            "customer_since": ("customer_since",),
            "owner_email": ("account_owner_email", "owner_email"),
            "referral_source": ("account_source",),
        },
    ),
]
