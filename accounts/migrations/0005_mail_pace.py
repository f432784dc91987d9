"""Asks are found before everything else that is due; sending keeps a pace per workspace and domain."""

import django.db.models.deletion
import django.db.models.functions.datetime
import uuid_utils.compat
from django.db import migrations, models

import accounts.tenancy.constraints
import accounts.tenancy.models

# One look into an index per workspace: mails due next month are never read. The longest waiting comes first; a
# workspace with many gets one batch per turn like everybody else.
WORKSPACES_WITH_DUE_MESSAGES = """
CREATE FUNCTION workspaces_with_due_messages(asks_only boolean) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF asks_only THEN
        RETURN QUERY
        SELECT w.id
          FROM accounts_workspace w
         CROSS JOIN LATERAL (
               SELECT m.due_at FROM accounts_message m
                WHERE m.workspace_id = w.id AND m.state = 'queued' AND m.kind = 'ask'
                  AND m.due_at <= statement_timestamp()
                ORDER BY m.due_at LIMIT 1) waiting
         WHERE w.state = 'active'
         ORDER BY waiting.due_at;
    ELSE
        RETURN QUERY
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
         ORDER BY min(waiting.since);
    END IF;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_gate_function")]

    operations = [
        migrations.CreateModel(
            name="Pace",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        db_default=accounts.tenancy.models.UuidV7(),
                        default=uuid_utils.compat.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("domain", models.CharField(blank=True, max_length=255)),
                ("next_at", models.DateTimeField()),
                (
                    "workspace",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, to="accounts.workspace"
                    ),
                ),
            ],
            options={
                "default_related_name": "paces",
                "constraints": [
                    accounts.tenancy.constraints.RowSecurity(name="accounts_pace_rls"),
                    models.UniqueConstraint(fields=("workspace", "id"), name="accounts_pace_ws_id"),
                    models.UniqueConstraint(fields=("workspace", "domain"), name="pace_once_per_domain"),
                ],
            },
        ),
        migrations.AddField(
            model_name="message",
            name="journal",
            field=models.CharField(blank=True, default="", max_length=80),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("kind", "ask"), ("state", "queued")),
                fields=["workspace", "due_at"],
                name="message_ask_due",
            ),
        ),
        migrations.RunSQL(
            [
                "DROP FUNCTION workspaces_with_due_messages()",
                WORKSPACES_WITH_DUE_MESSAGES,
                "REVOKE ALL ON FUNCTION workspaces_with_due_messages(boolean) FROM PUBLIC",
                "GRANT EXECUTE ON FUNCTION workspaces_with_due_messages(boolean) TO goodword_app",
            ],
            migrations.RunSQL.noop,
        ),
    ]
