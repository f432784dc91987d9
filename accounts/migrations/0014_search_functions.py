"""Text search. LIKE and trigrams are not leakproof, so under row-level security they can't use their index: these
functions run as the owner, look into the current workspace only, and give ids.
"""

from django.db import migrations

MATCHING = """
CREATE FUNCTION like_pattern(word text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT '%' || replace(replace(replace(lower(word), '\\', '\\\\'), '%', '\\%'), '_', '\\_') || '%'
$$
"""

# Every word in the contact's own name or address, or in the name of the company.
CONTACTS_MATCHING = """
CREATE FUNCTION contacts_matching(words text[]) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE here uuid := nullif(current_setting('app.workspace_id', true), '')::uuid;
BEGIN
    RETURN QUERY
    SELECT hit.id FROM (SELECT like_pattern(word) AS pattern FROM unnest(words) AS word OFFSET 0) AS wanted
     CROSS JOIN LATERAL (
           SELECT contact.id FROM accounts_contact contact
            WHERE contact.workspace_id = here AND contact.search_key LIKE wanted.pattern
           UNION
           SELECT contact.id FROM accounts_company company
             JOIN accounts_contact contact
               ON contact.workspace_id = company.workspace_id AND contact.company_id = company.id
            WHERE company.workspace_id = here AND company.name_key LIKE wanted.pattern
           ) hit
     GROUP BY hit.id HAVING count(*) = cardinality(words);
END $$
"""

COMPANIES_MATCHING = """
CREATE FUNCTION companies_matching(words text[]) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE here uuid := nullif(current_setting('app.workspace_id', true), '')::uuid;
BEGIN
    RETURN QUERY
    SELECT hit.id FROM (SELECT like_pattern(word) AS pattern FROM unnest(words) AS word OFFSET 0) AS wanted
     CROSS JOIN LATERAL (
           SELECT company.id FROM accounts_company company
            WHERE company.workspace_id = here AND company.name_key LIKE wanted.pattern
           UNION
           SELECT domain.company_id FROM accounts_companydomain domain
            WHERE domain.workspace_id = here AND domain.domain LIKE wanted.pattern
           ) hit
     GROUP BY hit.id HAVING count(*) = cardinality(words);
END $$
"""

# A slip of the finger. Comparing is dear, so only the first few hundred that the index of trigrams holds for possible
# are compared. Keys are compared as text, so that no other index is a way in: through one of those every company of the
# workspace would be compared (300 ms for 10,000).
SOUNDING_LIKE = """
CREATE FUNCTION sounding_like_{table}(here uuid, needle text, most int) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp SET enable_seqscan = off SET enable_indexscan = off
SET pg_trgm.word_similarity_threshold = 0.5 AS $$
    SELECT hit.id FROM (
        SELECT id, {key} AS key FROM accounts_{table}
         WHERE needle <% {key} AND workspace_id::text = here::text AND coalesce(merged_into_id::text, '') = ''
         LIMIT 300) hit
     ORDER BY word_similarity(needle, hit.key) DESC, hit.key LIMIT most
$$
"""

# For the palette, best first: names that begin so, then names and addresses that hold it, then what sounds like it.
FIND_CONTACTS = """
CREATE FUNCTION find_contacts(wanted text, most int) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    here uuid := nullif(current_setting('app.workspace_id', true), '')::uuid;
    needle text := lower(btrim(wanted));
    pattern text := like_pattern(btrim(wanted));
    found uuid[];
BEGIN
    IF needle = '' THEN RETURN; END IF;
    found := ARRAY(
        SELECT id FROM accounts_contact
         WHERE workspace_id = here AND merged_into_id IS NULL
           AND name_key >= needle COLLATE "C" AND name_key < (needle || chr(1114111)) COLLATE "C"
         ORDER BY workspace_id, name_key, id LIMIT most);
    IF cardinality(found) < most AND length(needle) >= 3 THEN
        found := found || ARRAY(
            SELECT hit.id FROM (
                SELECT id, search_key FROM accounts_contact
                 WHERE workspace_id = here AND merged_into_id IS NULL
                   AND search_key LIKE pattern AND id <> ALL (found)
                 LIMIT most * 8) hit
             ORDER BY strpos(hit.search_key, ' ' || needle) = 0, hit.search_key LIMIT most - cardinality(found));
    END IF;
    IF cardinality(found) = 0 AND length(needle) >= 4 THEN
        found := ARRAY(SELECT sounding_like_contact(here, needle, most));
    END IF;
    RETURN QUERY SELECT unnest(found);
END $$
"""

FIND_COMPANIES = """
CREATE FUNCTION find_companies(wanted text, most int) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    here uuid := nullif(current_setting('app.workspace_id', true), '')::uuid;
    needle text := lower(btrim(wanted));
    pattern text := like_pattern(btrim(wanted));
    found uuid[];
BEGIN
    IF needle = '' THEN RETURN; END IF;
    found := ARRAY(
        SELECT id FROM accounts_company
         WHERE workspace_id = here AND merged_into_id IS NULL
           AND name_key >= needle COLLATE "C" AND name_key < (needle || chr(1114111)) COLLATE "C"
         ORDER BY workspace_id, name_key, id LIMIT most);
    IF cardinality(found) < most AND length(needle) >= 3 THEN
        found := found || ARRAY(
            SELECT hit.id FROM (
                SELECT id, name_key FROM accounts_company
                 WHERE workspace_id = here AND merged_into_id IS NULL
                   AND name_key LIKE pattern AND id <> ALL (found)
                 LIMIT most * 8) hit
             ORDER BY strpos(hit.name_key, ' ' || needle) = 0, hit.name_key LIMIT most - cardinality(found));
        found := found || ARRAY(
            SELECT DISTINCT company.id FROM accounts_companydomain domain
              JOIN accounts_company company ON company.workspace_id = here AND company.id = domain.company_id
             WHERE domain.workspace_id = here AND company.merged_into_id IS NULL
               AND domain.domain >= needle AND domain.domain < needle || chr(1114111)
               AND company.id <> ALL (found)
             LIMIT most - least(most, cardinality(found)));
    END IF;
    IF cardinality(found) = 0 AND length(needle) >= 4 THEN
        found := ARRAY(SELECT sounding_like_company(here, needle, most));
    END IF;
    RETURN QUERY SELECT unnest(found);
END $$
"""

# What the tick of files asks, before a workspace is known.
WORKSPACES_WITH_DUE_EXPORTS = """
CREATE FUNCTION workspaces_with_due_exports() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT w.id FROM accounts_workspace w
     WHERE w.state = 'active'
       AND (EXISTS (SELECT FROM accounts_export e
                     WHERE e.workspace_id = w.id AND e.state IN ('queued', 'running')
                       AND (e.lease_until IS NULL OR e.lease_until <= statement_timestamp()))
            OR EXISTS (SELECT FROM accounts_export e
                        WHERE e.workspace_id = w.id AND e.expires_at <= statement_timestamp()))
$$
"""


def function(create: str, signature: str) -> migrations.RunSQL:
    """A function that only the runtime role may call."""
    return migrations.RunSQL(
        [
            create,
            f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC",
            f"GRANT EXECUTE ON FUNCTION {signature} TO goodword_app",
        ],
        [f"DROP FUNCTION {signature}"],
    )


def inner_function(create: str, signature: str) -> migrations.RunSQL:
    """A function that only our own functions call: it is told the workspace."""
    return migrations.RunSQL(
        [
            create,
            f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC",
            f"REVOKE ALL ON FUNCTION {signature} FROM goodword_app",
        ],
        [f"DROP FUNCTION {signature}"],
    )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0013_lists_and_notes")]

    operations = [
        function(MATCHING, "like_pattern(text)"),
        function(CONTACTS_MATCHING, "contacts_matching(text[])"),
        function(COMPANIES_MATCHING, "companies_matching(text[])"),
        inner_function(
            SOUNDING_LIKE.format(table="contact", key="search_key"), "sounding_like_contact(uuid, text, int)"
        ),
        inner_function(SOUNDING_LIKE.format(table="company", key="name_key"), "sounding_like_company(uuid, text, int)"),
        function(FIND_CONTACTS, "find_contacts(text, int)"),
        function(FIND_COMPANIES, "find_companies(text, int)"),
        function(WORKSPACES_WITH_DUE_EXPORTS, "workspaces_with_due_exports()"),
    ]
