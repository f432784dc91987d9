"""Functions for the life of a workspace: it may rest, be taken along, and be deleted once its time is over."""

from django.db import migrations

# A suspended or closing workspace is entered too: a door then leads its people to the one page that is open.
ENTER_WORKSPACE = """
CREATE OR REPLACE FUNCTION enter_workspace(wanted_user uuid, wanted_slug text) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE hit record;
BEGIN
    SELECT m.id, m.workspace_id INTO hit FROM accounts_member m
      JOIN accounts_workspace w ON w.id = m.workspace_id
     WHERE w.slug = wanted_slug {active} AND m.user_id = wanted_user AND m.is_active;
    IF NOT FOUND THEN RETURN NULL; END IF;
    PERFORM set_config('app.workspace_id', hit.workspace_id::text, true);
    RETURN hit.id;
END $$
"""

WORKSPACES_WITH_DUE_ARCHIVES = """
CREATE FUNCTION workspaces_with_due_archives() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT DISTINCT workspace_id FROM accounts_archive
     WHERE (state IN ('queued', 'running') AND (lease_until IS NULL OR lease_until <= statement_timestamp()))
        OR expires_at <= statement_timestamp()
$$
"""

# Which workspace and how old, the function reads itself: whoever calls it can delete no more than the setting says.
# The newest event of a subject stays, so that the next one continues its sequence. Keys are by time (UUIDv7).
FORGET_OLD_EVENTS = """
CREATE FUNCTION forget_old_events(most integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    here uuid := nullif(current_setting('app.workspace_id', true), '')::uuid;
    months integer;
    gone bigint;
BEGIN
    SELECT events_kept_months INTO months FROM accounts_workspace WHERE id = here;
    IF months IS NULL THEN RETURN 0; END IF;
    DELETE FROM accounts_event WHERE workspace_id = here AND id = ANY (ARRAY(
        SELECT old.id FROM accounts_event old
         WHERE old.workspace_id = here AND old.id < uuidv7(make_interval(months => -greatest(months, 12)))
           AND EXISTS (SELECT FROM accounts_event newer
                        WHERE newer.workspace_id = here AND newer.subject_kind = old.subject_kind
                          AND newer.subject_id = old.subject_id AND newer.sequence > old.sequence)
         ORDER BY old.id LIMIT most));
    GET DIAGNOSTICS gone = ROW_COUNT;
    RETURN gone;
END $$
"""

# Facts and books of a workspace whose time is over, and of no other: the state is asked here, by the database's clock.
PURGE_APPEND_ONLY = """
CREATE FUNCTION purge_append_only(wanted_table text, most integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    here uuid := nullif(current_setting('app.workspace_id', true), '')::uuid;
    gone bigint;
BEGIN
    IF wanted_table NOT IN ('accounts_event', 'rewards_ledgerentry', 'rewards_ledgerline') THEN
        RAISE EXCEPTION '% is not an append-only table', wanted_table;
    END IF;
    PERFORM FROM accounts_workspace
      WHERE id = here AND state = 'closing' AND closes_at <= clock_timestamp() FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'workspace % is not to be deleted', here USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM set_config('app.purging', here::text, true);
    EXECUTE format('DELETE FROM %I WHERE ctid = ANY (ARRAY(SELECT ctid FROM %I WHERE workspace_id = $1 LIMIT $2))',
                   wanted_table, wanted_table) USING here, most;
    GET DIAGNOSTICS gone = ROW_COUNT;
    PERFORM set_config('app.purging', '', true);
    RETURN gone;
END $$
"""

IS_MEMBER_SOMEWHERE = """
CREATE FUNCTION is_member_somewhere(wanted_user uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM accounts_member WHERE user_id = wanted_user)
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


class Migration(migrations.Migration):
    dependencies = [("accounts", "0018_settings_logo_and_archives")]

    operations = [
        migrations.RunSQL(
            ENTER_WORKSPACE.replace("{active}", ""), ENTER_WORKSPACE.replace("{active}", "AND w.state = 'active'")
        ),
        function(WORKSPACES_WITH_DUE_ARCHIVES, "workspaces_with_due_archives()"),
        function(FORGET_OLD_EVENTS, "forget_old_events(integer)"),
        function(PURGE_APPEND_ONLY, "purge_append_only(text, integer)"),
        function(IS_MEMBER_SOMEWHERE, "is_member_somewhere(uuid)"),
    ]
