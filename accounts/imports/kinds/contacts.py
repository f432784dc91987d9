"""People: known by the id of the file's own system, else by their address."""

from accounts.customers.models import Contact
from accounts.imports.batch import Batch
from accounts.imports.registry import Field, Kind

# By id first; by address only where neither side has another id.
_KNOWN_BY_ID = """UPDATE import_rows s SET target = c.id FROM accounts_contact c
    WHERE c.workspace_id = %(workspace)s AND c.external_id = s.external_id"""
_KNOWN_BY_EMAIL = """UPDATE import_rows s SET target = c.id FROM accounts_contact c
    WHERE s.target IS NULL AND c.workspace_id = %(workspace)s AND c.email_normalized = s.email
      AND (s.external_id IS NULL OR c.external_id IS NULL)
      AND NOT EXISTS (SELECT FROM import_rows one WHERE one.email = s.email AND one.line < s.line
                         AND one.external_id IS DISTINCT FROM s.external_id)"""
# A row without an id may be the same person as a row of this file that has one.
_SAME_AS_AN_EARLIER_ROW = """UPDATE import_rows s SET target = one.target FROM import_rows one
    WHERE s.target IS NULL AND s.external_id IS NULL AND one.email = s.email AND one.external_id IS NOT NULL"""
_NEW_BY_EMAIL = """UPDATE import_rows s SET target = made.id
    FROM (SELECT email, uuidv7() AS id FROM import_rows
           WHERE target IS NULL AND external_id IS NULL AND email IS NOT NULL GROUP BY email) made
    WHERE s.target IS NULL AND s.external_id IS NULL AND s.email = made.email"""
_NEW_BY_ID = """UPDATE import_rows s SET target = made.id
    FROM (SELECT external_id, uuidv7() AS id FROM import_rows
           WHERE target IS NULL AND external_id IS NOT NULL GROUP BY external_id) made
    WHERE s.target IS NULL AND s.external_id = made.external_id"""
# An address belongs to one person: to who has it already, else to the first in the file.
_ADDRESS_TAKEN = """WITH judged AS (
      SELECT r.line, r.target, c.id AS owner, row_number() OVER (PARTITION BY r.email ORDER BY r.line) AS place
        FROM import_rows r
        LEFT JOIN accounts_contact c ON c.workspace_id = %(workspace)s AND c.email_normalized = r.email
       WHERE r.email IS NOT NULL)
    UPDATE import_rows s SET email = NULL FROM judged
     WHERE judged.line = s.line
       AND CASE WHEN judged.owner IS NULL THEN judged.place > 1 ELSE judged.owner <> judged.target END
    RETURNING s.line"""


def store(batch: Batch) -> None:
    """Insert or update the people of a chunk. A second person with the same address is stored without it."""
    batch.refuse(
        "s.external_id IS NULL AND s.email IS NULL", "'Neither an id nor an e-mail address: nobody to know again.'"
    )
    batch.find_companies()
    batch.run(_KNOWN_BY_ID)
    batch.run(_KNOWN_BY_EMAIL)
    batch.run(_NEW_BY_ID)
    batch.run(_SAME_AS_AN_EARLIER_ROW)
    batch.run(_NEW_BY_EMAIL)
    batch.keep_last("s.target")
    shared = batch.run(_ADDRESS_TAKEN)
    if shared:
        batch.report.notes["An e-mail address belongs to somebody else already: the person is stored without it."] += (
            len(shared)
        )
    plain = ("external_id", "company_id", "email", "first_name", "last_name", "title", "seniority", "phone", "locale")
    values = {name: f"s.{name}" for name in (*plain, "timezone", "country", "linkedin_url")}
    values["email_normalized"] = "s.email"
    if "name" in batch.given:
        values["first_name"] = "coalesce(s.first_name, left(regexp_replace(s.name, '\\s+\\S+$', ''), 120))"
        values["last_name"] = "coalesce(s.last_name, left(substring(s.name from '\\s(\\S+)$'), 120))"
    batch.upsert(
        "contacts",
        Contact,
        values,
        match="o.id = s.target",
        conflict="id",
    )


CONTACTS = Kind(
    "contacts",
    [
        Field("external_id", aliases=("contact_id", "person_id", "user_id", "id")),
        Field("company", aliases=("account", "account_id", "company_id", "company_external_id")),
        Field("email", "email", aliases=("e_mail", "email_address", "mail"), limit=254),
        Field("first_name", aliases=("firstname", "given_name", "vorname"), limit=120),
        Field("last_name", aliases=("lastname", "surname", "family_name", "nachname"), limit=120),
        Field("name", aliases=("full_name", "contact_name")),
        Field("title", aliases=("job_title", "position", "role")),
        Field("seniority", "choice", choices={value: value for value in Contact.Seniority.values}),
        Field("phone", aliases=("telephone", "mobile"), limit=40),
        Field("timezone", "zone", aliases=("time_zone", "tz"), limit=64),
        Field("country", "country", aliases=("country_code",)),
        Field("locale", aliases=("language",), limit=12),
        Field("linkedin_url", aliases=("linkedin",)),
    ],
    needs=[("external_id", "email")],
    steps=[store],
)
