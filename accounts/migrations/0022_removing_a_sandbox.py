"""The one way to take a sandbox away with all it holds: every table that has a workspace, found when it is called."""

from django.db import migrations

# Relations may go round in circles, so they are judged at the end. What waits to be judged is judged first: books
# whose lines are gone would not balance. The people who exist for this sandbox only have no password.
REMOVE_SANDBOX = """
CREATE FUNCTION remove_sandbox(wanted uuid) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    home text;
    team uuid[];
BEGIN
    PERFORM 1 FROM accounts_workspace
      WHERE id = wanted AND is_demo AND sandbox_kind <> ''
        AND sandbox_of_id = nullif(current_setting('app.workspace_id', true), '')::uuid
        FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'workspace % is no sandbox of ours', wanted
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'only_sandboxes_are_removed';
    END IF;
    SELECT coalesce(array_agg(user_id), '{}') INTO team FROM accounts_member WHERE workspace_id = wanted;
    SET CONSTRAINTS ALL IMMEDIATE;
    SET CONSTRAINTS ALL DEFERRED;
    PERFORM set_config('app.purging', wanted::text, true);
    FOR home IN
        SELECT c.relname FROM pg_class c
          JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'workspace_id' AND NOT a.attisdropped
         WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
    LOOP
        EXECUTE format('DELETE FROM %I WHERE workspace_id = $1', home) USING wanted;
    END LOOP;
    DELETE FROM accounts_workspace WHERE id = wanted;
    DELETE FROM accounts_user person
     WHERE person.id = ANY (team) AND person.password LIKE '!%'
       AND NOT EXISTS (SELECT FROM accounts_member other WHERE other.user_id = person.id)
       AND NOT EXISTS (SELECT FROM account_emailaddress address WHERE address.user_id = person.id);
    PERFORM set_config('app.purging', '', true);
    SET CONSTRAINTS ALL IMMEDIATE;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0021_sandboxes"), ("account", "0001_initial")]

    operations = [
        migrations.RunSQL(
            [
                REMOVE_SANDBOX,
                "REVOKE ALL ON FUNCTION remove_sandbox(uuid) FROM PUBLIC",
                "GRANT EXECUTE ON FUNCTION remove_sandbox(uuid) TO goodword_app",
            ],
            ["DROP FUNCTION remove_sandbox(uuid)"],
        )
    ]
