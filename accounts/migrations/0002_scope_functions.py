"""Questions asked before a workspace is known. Each returns ids only, and opens the scope where it may be entered."""

from django.db import migrations

OPEN_API_KEY = """
CREATE FUNCTION open_api_key(secret_hash bytea) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE hit record;
BEGIN
    SELECT id, workspace_id INTO hit FROM accounts_apikey WHERE key_hash = secret_hash;
    IF NOT FOUND THEN RETURN NULL; END IF;
    PERFORM set_config('app.workspace_id', hit.workspace_id::text, true);
    RETURN hit.id;
END $$
"""

ENTER_WORKSPACE = """
CREATE FUNCTION enter_workspace(wanted_user uuid, wanted_slug text) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE hit record;
BEGIN
    SELECT m.id, m.workspace_id INTO hit FROM accounts_member m
      JOIN accounts_workspace w ON w.id = m.workspace_id
     WHERE w.slug = wanted_slug AND w.state = 'active' AND m.user_id = wanted_user AND m.is_active;
    IF NOT FOUND THEN RETURN NULL; END IF;
    PERFORM set_config('app.workspace_id', hit.workspace_id::text, true);
    RETURN hit.id;
END $$
"""

WORKSPACES_OF_USER = """
CREATE FUNCTION workspaces_of_user(wanted_user uuid) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT workspace_id FROM accounts_member WHERE user_id = wanted_user AND is_active
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
    dependencies = [("accounts", "0001_initial")]

    operations = [
        function(OPEN_API_KEY, "open_api_key(bytea)"),
        function(ENTER_WORKSPACE, "enter_workspace(uuid, text)"),
        function(WORKSPACES_OF_USER, "workspaces_of_user(uuid)"),
    ]
