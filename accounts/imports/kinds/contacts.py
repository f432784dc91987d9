"""People: known by the id of the file's own system, else by their address."""

from accounts.customers.models import Contact
from accounts.imports.batch import Batch
from accounts.imports.registry import Field, Kind

# By id first; by address only where neither side has another id.
_KNOWN_BY_ID = """UPDATE import_rows s SET target = c.id, known = true FROM accounts_contact c
    WHERE c.workspace_id = %(workspace)s AND c.external_id = s.external_id"""
_KNOWN_BY_EMAIL = """UPDATE import_rows s SET target = c.id, known = true FROM accounts_contact c
    WHERE NOT s.known AND c.workspace_id = %(workspace)s AND c.email_normalized = s.email
      AND (s.external_id IS NULL OR c.external_id IS NULL)
      AND NOT EXISTS (SELECT FROM import_rows one WHERE one.email = s.email AND one.line < s.line
                         AND one.external_id IS DISTINCT FROM s.external_id)"""
# Rows of one person, new to us, become one.
_ONE_BY_ID = """UPDATE import_rows s SET target = one.target
    FROM (SELECT DISTINCT ON (external_id) external_id, target FROM import_rows
           WHERE NOT known AND external_id IN (SELECT external_id FROM import_rows
             WHERE NOT known AND external_id IS NOT NULL GROUP BY external_id HAVING count(*) > 1)
           ORDER BY external_id, line) one
    WHERE NOT s.known AND s.external_id = one.external_id"""
_ONE_BY_EMAIL = """UPDATE import_rows s SET target = one.target
    FROM (SELECT DISTINCT ON (email) email, target FROM import_rows
           WHERE NOT known AND external_id IS NULL AND email IN (SELECT email FROM import_rows
             WHERE NOT known AND external_id IS NULL AND email IS NOT NULL GROUP BY email HAVING count(*) > 1)
           ORDER BY email, line) one
    WHERE NOT s.known AND s.external_id IS NULL AND s.email = one.email"""
# A row without an id may be the same person as a row of this file that has one.
_SAME_AS_ONE_WITH_AN_ID = """UPDATE import_rows s SET target = one.target, known = one.known FROM import_rows one
    WHERE NOT s.known AND s.external_id IS NULL AND one.email = s.email AND one.external_id IS NOT NULL"""
# An address belongs to one person: to who has it already, else to the first in the file.
_ADDRESS_OF_SOMEBODY = """UPDATE import_rows s SET email = NULL FROM accounts_contact c
    WHERE c.workspace_id = %(workspace)s AND c.email_normalized = s.email AND c.id <> s.target RETURNING s.line"""
_ADDRESS_TWICE = """UPDATE import_rows s SET email = NULL
    FROM (SELECT email, min(line) AS first FROM import_rows WHERE email IS NOT NULL
           GROUP BY email HAVING count(*) > 1) twice
    WHERE s.email = twice.email AND s.line > twice.first RETURNING s.line"""


def store(batch: Batch) -> None:
    """Insert or update the people of a chunk. A second person with the same address is stored without it."""
    batch.refuse(
        "s.external_id IS NULL AND s.email IS NULL", "'Neither an id nor an e-mail address: nobody to know again.'"
    )
    batch.find_companies()
    if "external_id" in batch.given:
        batch.run(_KNOWN_BY_ID)
        batch.run(_ONE_BY_ID)
    if "email" in batch.given:
        batch.run(_KNOWN_BY_EMAIL)
        batch.run(_ONE_BY_EMAIL)
        batch.run(_SAME_AS_ONE_WITH_AN_ID)
    batch.keep_last("s.target")
    shared = batch.run(_ADDRESS_OF_SOMEBODY) + batch.run(_ADDRESS_TWICE) if "email" in batch.given else []
    if shared:
        batch.report.notes["An e-mail address belongs to somebody else already: the person is stored without it."] += (
            len(shared)
        )
    plain = ("external_id", "email", "first_name", "last_name", "title", "seniority", "phone", "locale", "timezone")
    values = {name: f"s.{name}" for name in (*plain, "country", "linkedin_url") if name in batch.given}
    if "company" in batch.given:
        values["company_id"] = "s.company_id"
    if "email" in batch.given:
        values["email_normalized"] = "s.email"
    if batch.has_attributes:
        values["attributes"] = "coalesce(o.attributes, '{}') || s.attributes"
    if "name" in batch.given:
        values["first_name"] = "coalesce(s.first_name, left(regexp_replace(s.name, '\\s+\\S+$', ''), 120))"
        values["last_name"] = "coalesce(s.last_name, left(substring(s.name from '\\s(\\S+)$'), 120))"
    joins = "import_rows s"
    for addition in batch.kind.additions:
        more = addition(batch)
        values |= more.values
        joins += f" {more.joins}"
    batch.upsert("contacts", Contact, values, match="o.id = s.target", conflict="id", source=joins, new_id="s.target")


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
    about="One row per person, known again by an id of your system or by e-mail.",
    example={
        "id": "P-1",
        "company": "A-1",
        "email": "jamie@northwind.example",
        "first_name": "Jamie",
        "last_name": "Okafor",
        "title": "Head of Operations",
        "seniority": "admin",
    },
    keeps_attributes=True,
)
