"""Evidence of benefit: what got better for whom, and who says that it may be told."""

from accounts.customers.models import Outcome
from accounts.imports.batch import Batch
from accounts.imports.kinds.money import COMPANY
from accounts.imports.registry import Field, Kind

# Without an id of its own an outcome is known again by whose it is, what was measured, when, and from where it began.
_KEY = """UPDATE import_rows s SET target = md5(concat_ws('|', %(workspace)s, s.contact_id,
    CASE WHEN s.contact_id IS NULL THEN s.company_id END, lower(s.metric),
    coalesce('#' || s.external_id, concat_ws('|', lower(s.period), s.baseline))))::uuid"""
# "reporting time: 40 h → 24 h a month", where nobody wrote a sentence.
_SUMMARY = """left(coalesce(s.summary, CASE WHEN coalesce(s.baseline, s.now) IS NULL THEN s.metric
    ELSE concat_ws(' ', s.metric || ':', concat_ws(' → ',
        nullif(concat_ws(' ', s.baseline, CASE WHEN s.baseline IS NOT NULL THEN s.unit END), ''),
        nullif(concat_ws(' ', s.now, CASE WHEN s.now IS NOT NULL THEN s.unit END), '')), s.period) END), 240)"""


def store_outcomes(batch: Batch) -> None:
    """Outcomes of people or companies; an approval counts for twelve months from its day."""
    batch.need("metric")
    batch.find_companies()
    batch.find_contacts()
    batch.refuse("s.contact_id IS NULL AND s.company_id IS NULL", "'Neither a person nor a company we know.'")
    batch.refuse("s.approved_at IS NOT NULL AND s.approved_by IS NULL", "'Say who approved it.'")
    batch.refuse("s.approved_at > %(now)s", "'An approval cannot come from the future.'")
    batch.run(_KEY)
    batch.keep_last("s.target")
    plain = ("company_id", "contact_id", "metric", "baseline", "now", "unit", "period", "old_challenge", "source")
    approved_at = "CASE WHEN s.approved_by IS NOT NULL THEN coalesce(s.approved_at, o.approved_at, %(now)s) END"
    values = {name: f"s.{name}" for name in plain} | {
        "summary": _SUMMARY,
        "approved_by": "s.approved_by",
        "approved_at": approved_at,
        "approved_until": f"{approved_at} + interval '1 year'",
    }
    batch.upsert("outcomes", Outcome, values, match="o.id = s.target", conflict="id", new_id="s.target")


OUTCOMES = Kind(
    "outcomes",
    [
        Field("external_id", aliases=("outcome_id", "id")),
        Field("contact", aliases=("contact_id", "person_id", "user_id")),
        Field("email", "email", aliases=("e_mail", "email_address", "mail"), limit=254),
        COMPANY,
        Field("metric", aliases=("measure", "kpi", "what"), limit=120),
        Field("baseline", aliases=("before", "from"), limit=60),
        Field("now", aliases=("after", "to", "current", "result"), limit=60),
        Field("unit", limit=40),
        Field("period", aliases=("per",), limit=60),
        Field("old_challenge", aliases=("challenge", "problem"), limit=240),
        Field("summary", aliases=("sentence", "story"), limit=240),
        Field("source", limit=120),
        Field("approved_by", aliases=("approved", "approver"), limit=120),
        Field("approved_at", "moment", aliases=("approved_on", "approval_date")),
    ],
    needs=[("metric",), ("contact", "email", "company")],
    steps=[store_outcomes],
    about="What got better for a customer, with before and after. An ask may mention it once somebody approved it.",
    example={
        "email": "jamie@northwind.example",
        "metric": "reporting time",
        "baseline": "40",
        "now": "24",
        "unit": "h",
        "period": "a month",
        "old_challenge": "40 hours of reporting a month",
        "approved_by": "Jamie Okafor",
        "approved_at": "2026-10-05",
    },
)
