"""Where mail is waiting, asked before a workspace is known."""

from django.db import migrations

# One look into the index per workspace: mails due next month are never read. The longest waiting comes first; a
# workspace with many gets one batch per turn like everybody else.
WORKSPACES_WITH_DUE_MESSAGES = """
CREATE FUNCTION workspaces_with_due_messages() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT w.id
      FROM accounts_workspace w
     CROSS JOIN LATERAL (
           (SELECT m.due_at AS since FROM accounts_message m
             WHERE m.workspace_id = w.id AND m.state = 'queued' AND m.due_at <= statement_timestamp()
             ORDER BY m.due_at LIMIT 1)
           UNION ALL
           (SELECT m.lease_until FROM accounts_message m
             WHERE m.workspace_id = w.id AND m.state = 'sending' AND m.lease_until <= statement_timestamp()
             ORDER BY m.lease_until LIMIT 1)
           ) waiting
     WHERE w.state = 'active'
     GROUP BY w.id
     ORDER BY min(waiting.since)
$$
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_scope_functions")]

    operations = [
        migrations.RunSQL(
            [
                WORKSPACES_WITH_DUE_MESSAGES,
                "REVOKE ALL ON FUNCTION workspaces_with_due_messages() FROM PUBLIC",
                "GRANT EXECUTE ON FUNCTION workspaces_with_due_messages() TO goodword_app",
            ],
            ["DROP FUNCTION workspaces_with_due_messages()"],
        )
    ]
