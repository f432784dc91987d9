"""Who is met for the first time in a file of old answers: known from now on, as by the API.

A survey tool knows an address and often the name of a company, and no ids of ours. So an answer with an unknown address
makes the person, and an unknown company the company, once each. A row with a mere id of nobody is refused as before.
"""

from accounts.customers.models import Company, Contact
from accounts.imports.batch import Batch

# Survey tools write names where we would write ids: a company known by that name is meant.
_COMPANY_BY_NAME = """
UPDATE import_rows s SET company = c.external_id
  FROM accounts_company c
 WHERE c.workspace_id = %(workspace)s AND c.external_id IS NOT NULL AND c.merged_into_id IS NULL
   AND lower(c.name) = lower(s.company)
   AND NOT EXISTS (SELECT FROM accounts_company known
                    WHERE known.workspace_id = %(workspace)s AND known.external_id = s.company)
"""
# With an address only: a row that speaks of a company as a whole must mean one that we know.
_NEW_COMPANIES = """(
  SELECT DISTINCT ON (lower(w.company)) w.company AS external_id, left(w.company, 200) AS name FROM import_rows w
   WHERE w.company IS NOT NULL AND w.email IS NOT NULL AND strpos(w.company, ';') = 0
     AND NOT EXISTS (SELECT FROM accounts_company known
                      WHERE known.workspace_id = %(workspace)s AND known.external_id = w.company)
   ORDER BY lower(w.company), w.line
) s"""
_ONE_SPELLING = """
UPDATE import_rows s SET company = c.external_id
  FROM accounts_company c
 WHERE c.workspace_id = %(workspace)s AND s.email IS NOT NULL AND lower(c.external_id) = lower(s.company)
   AND c.external_id <> s.company
   AND NOT EXISTS (SELECT FROM accounts_company known
                    WHERE known.workspace_id = %(workspace)s AND known.external_id = s.company)
"""
_NEW_PEOPLE = """(
  SELECT DISTINCT ON (w.email) w.* FROM import_rows w
   WHERE w.email IS NOT NULL
     AND NOT EXISTS (SELECT FROM accounts_contact known WHERE known.workspace_id = %(workspace)s
                        AND (known.email_normalized = w.email OR known.external_id = w.contact))
   ORDER BY w.email, w.line
) s"""


def meet_companies(batch: Batch) -> None:
    """Companies that only this file names. Before the companies of the rows are looked for."""
    if "company" not in batch.given or "email" not in batch.given:
        return
    batch.run(_COMPANY_BY_NAME)
    if _any(batch, _NEW_COMPANIES):
        values = {"external_id": "s.external_id", "name": "s.name"}
        batch.upsert("companies", Company, values, source=_NEW_COMPANIES)
        batch.run(_ONE_SPELLING)


def meet_people(batch: Batch) -> None:
    """People whose address only this file names. After the companies of the rows were found."""
    if "email" not in batch.given or not _any(batch, _NEW_PEOPLE):
        return
    values = {"email": "s.email", "email_normalized": "s.email", "company_id": "s.company_id"}
    values |= {name: f"s.{name}" for name in ("first_name", "last_name", "title") if name in batch.given}
    if "contact" in batch.given:
        values["external_id"] = "s.contact"
    batch.upsert("contacts", Contact, values, match="false", conflict="id", source=_NEW_PEOPLE)


def _any(batch: Batch, rows: str) -> bool:
    """Most files bring nobody new, and their report says nothing of it."""
    return bool(batch.run(f"SELECT EXISTS (SELECT FROM {rows})")[0][0])  # noqa: S608 -- own words
