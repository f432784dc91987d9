"""Old answers from files. They never ask: an answer from a file starts no clock, it finds its place on warm start."""

import json

from accounts.imports import registry
from accounts.imports.batch import Batch
from accounts.imports.kinds.money import COMPANY
from accounts.imports.registry import Field, Joined, Kind
from feedback.experts.actions import of_new_people, recalculate, recalculate_some
from feedback.responses import signals
from feedback.responses.actions import FUTURE_ALLOWED
from feedback.responses.models import Response
from feedback.responses.newcomers import meet_companies, meet_people
from feedback.surveys.metrics import SCALES, classify

# Every score there is and what it means, so that a chunk is classified in one join.
_MEANINGS = [
    (metric, score, meaning.category, meaning.is_high, meaning.is_low)
    for metric, scale in SCALES.items()
    for score in range(scale.lowest, scale.highest + 1)
    for meaning in [classify(metric, score)]
]

# The same facts as a single answer writes (feedback.responses.actions), from all answers of the people touched.
_FACTS = """
WITH touched AS (
  SELECT DISTINCT contact_id AS id FROM import_rows WHERE contact_id IS NOT NULL
), answers AS (
  SELECT r.* FROM feedback_response r JOIN touched ON r.contact_id = touched.id WHERE r.workspace_id = %(workspace)s
), latest AS (
  SELECT DISTINCT ON (contact_id, metric) contact_id, metric, score, category, responded_at
    FROM answers ORDER BY contact_id, metric, responded_at DESC, id DESC
), scores AS (
  SELECT contact_id, jsonb_object_agg(metric, jsonb_build_object('score', score, 'category', category, 'at',
           to_char(responded_at AT TIME ZONE 'UTC', CASE WHEN date_trunc('second', responded_at) = responded_at
             THEN 'YYYY-MM-DD"T"HH24:MI:SS' ELSE 'YYYY-MM-DD"T"HH24:MI:SS.US' END) || '+00:00')) AS latest_scores,
         max(responded_at) FILTER (WHERE metric = 'nps' AND category = 'promoter') AS promoter_at
    FROM latest GROUP BY contact_id
), last AS (
  SELECT DISTINCT ON (contact_id) contact_id, responded_at, is_low
    FROM answers ORDER BY contact_id, responded_at DESC, id DESC
), high AS (
  SELECT contact_id, max(responded_at) AS at FROM answers WHERE is_high GROUP BY contact_id
), referred AS (
  SELECT contact_id, max(responded_at) AS at FROM answers WHERE referred_recently GROUP BY contact_id
)
UPDATE accounts_contact c
   SET latest_scores = scores.latest_scores, promoter_at = scores.promoter_at, latest_answer_at = last.responded_at,
       low_answer_at = CASE WHEN last.is_low THEN last.responded_at END, high_answer_at = high.at,
       referred_recently_at = coalesce(greatest(referred.at, c.referred_recently_at), c.referred_recently_at),
       updated_at = %(now)s
  FROM scores JOIN last USING (contact_id) LEFT JOIN high USING (contact_id) LEFT JOIN referred USING (contact_id)
 WHERE c.workspace_id = %(workspace)s AND c.id = scores.contact_id
"""


def store_responses(batch: Batch) -> None:
    """Answers of people or companies, known again by `external_id`, else by who, when, what and how much."""
    batch.need("score", "responded_at")
    batch.run("UPDATE import_rows SET metric = coalesce(metric, 'nps')")
    meet_companies(batch)
    batch.find_companies()
    meet_people(batch)
    batch.find_contacts()
    batch.refuse("s.contact_id IS NULL AND s.company_id IS NULL", "'Neither a person nor a company we know.'")
    batch.run(
        "UPDATE import_rows s SET external_id = 'import:' || md5(concat_ws('|', coalesce(s.contact_id, s.company_id), "
        "s.metric, s.score, extract(epoch FROM s.responded_at))) WHERE s.external_id IS NULL"
    )
    _store(batch, "import_rows s", "s.responded_at", on_escalated="false")
    batch.run(_FACTS)
    _announce_low(batch)


def store_ticket_answers(batch: Batch) -> None:
    """CSAT answers that came with support cases; a blank is no answer. The time of the answer is the closing."""
    _store(
        batch,
        "(SELECT *, 'csat'::text AS metric, satisfaction AS score, NULL::text AS comment, NULL::boolean AS "
        "referred_recently FROM import_rows WHERE satisfaction IS NOT NULL) s",
        "coalesce(s.closed_at, s.submitted_at)",
        on_escalated="coalesce(s.escalated, false)",
    )


def check_ticket_scores(batch: Batch) -> None:
    """Before the case's hold is stored: a score that is none refuses the row as a whole."""
    batch.refuse(
        "s.satisfaction NOT BETWEEN 1 AND 5", "format('CSAT is answered with 1 to 5, not %%s.', s.satisfaction)"
    )


def score_experts(batch: Batch) -> None:
    """Use is a percentile: a file of it moves everybody's score."""
    recalculate(workspace=batch.workspace, today=batch.today)


# Whose score a file may move: people told of, and those at a company told of.
_TOUCHED = """SELECT c.id FROM accounts_contact c WHERE c.workspace_id = %(workspace)s AND c.company_id IN ({companies})
    UNION SELECT s.contact_id FROM import_rows s WHERE s.contact_id IS NOT NULL"""
_BY_KEY = """SELECT c.id FROM accounts_company c JOIN import_rows s ON s.external_id = c.external_id
    WHERE c.workspace_id = %(workspace)s"""
_BY_COMPANY = "SELECT s.company_id FROM import_rows s"
_NOT_OF_A_PERSON = "SELECT s.company_id FROM import_rows s WHERE s.contact_id IS NULL"


def _score_touched(batch: Batch, companies: str) -> None:
    touched = [pk for (pk,) in batch.run(_TOUCHED.format(companies=companies))]
    recalculate_some(workspace=batch.workspace, contacts=touched, today=batch.today)


def score_people_of_companies(batch: Batch) -> None:
    """After a chunk of companies, known by their external id."""
    _score_touched(batch, _BY_KEY)


def score_people_of_rows(batch: Batch) -> None:
    """After rows that speak of a company as a whole."""
    _score_touched(batch, _BY_COMPANY)


def score_who_answered(batch: Batch) -> None:
    """After answers: of a person, or of a company and so of all its people."""
    _score_touched(batch, _NOT_OF_A_PERSON)


def score_known_people(batch: Batch) -> None:
    """After people: those we knew already; the others came with their score."""
    known = [pk for (pk,) in batch.run("SELECT target FROM import_rows WHERE known")]
    recalculate_some(workspace=batch.workspace, contacts=known, today=batch.today)


def first_scores(batch: Batch) -> Joined:
    """What people new to us begin with: worked out once per company and seniority, stored with the row itself.

    Writing it into a row that was just made would cost as much as making it.
    """
    company = "s.company_id" if "company" in batch.given else "NULL::uuid"
    seniority = "coalesce(s.seniority, 'user')" if "seniority" in batch.given else "'user'"
    groups = batch.run(f"SELECT DISTINCT {company}, {seniority} FROM import_rows s WHERE NOT s.known")  # noqa: S608 -- own words
    scores = of_new_people(workspace=batch.workspace, groups=groups, today=batch.today)
    batch.run("DROP TABLE IF EXISTS import_scores")
    batch.run("CREATE TEMP TABLE import_scores (company text, seniority text, score int, parts jsonb) ON COMMIT DROP")
    rows = [
        {"company": str(group[0] or ""), "seniority": group[1], "score": score, "parts": parts}
        for group, (score, parts) in zip(groups, scores, strict=True)
    ]
    batch.run(
        "INSERT INTO import_scores SELECT * FROM jsonb_to_recordset(%(rows)s::jsonb) "
        "AS x(company text, seniority text, score int, parts jsonb)",
        rows=json.dumps(rows),
    )
    batch.run("ANALYZE import_scores")
    return Joined(
        {
            "expert_score": "CASE WHEN o.id IS NULL THEN e.score END",
            "expert_parts": "CASE WHEN o.id IS NULL THEN e.parts END",
        },
        f"LEFT JOIN import_scores e ON e.company = coalesce({company}::text, '') AND e.seniority = {seniority}",
    )


def register() -> None:
    """Called once, when the app is ready: accounts has registered its kinds by then."""
    registry.register(RESPONSES)
    registry.extend(
        "tickets",
        fields=(Field("satisfaction", "integer", aliases=("satisfaction_score", "csat", "rating")),),
        check=check_ticket_scores,
        step=store_ticket_answers,
    )
    registry.extend("companies", step=score_people_of_companies)
    registry.extend("contacts", step=score_known_people, addition=first_scores)
    registry.extend("churn", step=score_people_of_rows)
    registry.extend("tickets", step=score_people_of_rows)
    registry.extend("responses", step=score_who_answered)
    registry.extend("outcomes", step=score_who_answered)
    registry.extend("usage", closing=score_experts)


def _store(batch: Batch, source: str, responded_at: str, *, on_escalated: str) -> None:
    batch.run("DROP TABLE IF EXISTS import_meanings")
    batch.run(
        "CREATE TEMP TABLE import_meanings (metric text, score int, category text, is_high boolean, is_low boolean) "
        "ON COMMIT DROP"
    )
    batch.cursor.executemany("INSERT INTO import_meanings VALUES (%s, %s, %s, %s, %s)", _MEANINGS)
    if "score" in {field.name for field in batch.kind.fields}:
        batch.refuse(
            "NOT EXISTS (SELECT FROM import_meanings m WHERE m.metric = s.metric AND m.score = s.score)",
            "format('%%s is not on the scale of %%s.', s.score, upper(s.metric))",
        )
        batch.refuse(
            "s.responded_at > %(now)s + %(allowed)s", "'This answer lies in the future.'", allowed=FUTURE_ALLOWED
        )
        batch.keep_last("s.external_id")
    values = {name: f"s.{name}" for name in ("external_id", "contact_id", "company_id", "metric", "comment")}
    batch.upsert(
        "answers",
        Response,
        {**values, "referred_recently": "s.referred_recently", "received_at": "coalesce(o.received_at, %(now)s)"},
        exact={
            "score": "s.score",
            "category": "m.category",
            "is_high": "m.is_high",
            "is_low": "m.is_low",
            "responded_at": responded_at,
            "channel": "coalesce(o.channel, 'import')",
            "on_escalated_ticket": on_escalated,
        },
        source=f"{source} JOIN import_meanings m ON m.metric = s.metric AND m.score = s.score",
    )


def _announce_low(batch: Batch) -> None:
    """Tell those above whose latest answer is low, as a single answer would: what was planned for them is off."""
    rows = batch.run(
        "SELECT r.id FROM import_rows s JOIN feedback_response r ON r.workspace_id = %(workspace)s "
        "AND r.external_id = s.external_id JOIN accounts_contact c ON c.workspace_id = %(workspace)s "
        "AND c.id = s.contact_id WHERE r.is_low AND c.low_answer_at = r.responded_at "
        "AND r.responded_at > %(now)s - interval '180 days'"
    )
    for response in batch.workspace.responses.select_related("contact").filter(pk__in=[pk for (pk,) in rows]):
        signals.low_answer_recorded.send_robust(
            sender=Response,
            workspace=batch.workspace,
            contact=response.contact,
            response=response,
            by=batch.by,
            now=batch.now,
        )


RESPONSES = Kind(
    "responses",
    [
        Field("external_id", aliases=("response_id", "answer_id", "id")),
        Field("contact", aliases=("contact_id", "person_id", "user_id")),
        Field("email", "email", aliases=("e_mail", "email_address", "mail"), limit=254),
        COMPANY,
        Field("first_name", aliases=("firstname", "given_name", "vorname"), limit=120),
        Field("last_name", aliases=("lastname", "surname", "family_name", "nachname"), limit=120),
        Field("title", aliases=("job_title", "position"), limit=200),
        Field("metric", "choice", choices={metric: metric for metric in SCALES}),
        Field("score", "integer", aliases=("nps", "nps_score", "rating")),
        Field("comment", aliases=("feedback", "feedback_text", "verbatim"), limit=10_000),
        Field("responded_at", "moment", aliases=("answered_at", "date", "response_date", "submitted_at", "created_at")),
        Field("referred_recently", "yes_no"),
    ],
    needs=[("score",), ("responded_at",), ("contact", "email", "company")],
    steps=[store_responses],
    about="Answers people gave before, from any survey tool. They start no clock: they find their place on warm start. "
    "An unknown e-mail address makes the person.",
    example={
        "id": "A-1",
        "email": "jamie@northwind.example",
        "metric": "nps",
        "score": "10",
        "comment": "Best decision we made last year.",
        "responded_at": "2026-09-03 09:14",
    },
)
