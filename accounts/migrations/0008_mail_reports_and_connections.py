"""What providers report about mail, and connections of workspaces' own."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import uuid_utils.compat
from django.db import migrations, models

import accounts.tenancy.constraints
import accounts.tenancy.models

# A webhook of the installation's provider names a mail, not a workspace. Ids only; a workspace's own provider (the last
# argument) is asked about its own mail alone.
MESSAGE_REPORTED = """
CREATE FUNCTION message_reported(
    wanted_message uuid, wanted_provider_id text, only_workspace uuid,
    OUT found_workspace uuid, OUT found_message uuid
) RETURNS SETOF record
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT found.workspace_id, found.id
      FROM (SELECT m.workspace_id, m.id, 1 AS rank FROM accounts_message m WHERE m.id = wanted_message
             UNION ALL
            SELECT m.workspace_id, m.id, 2 FROM accounts_message m
             WHERE m.provider_id = wanted_provider_id AND wanted_provider_id <> '' AND m.provider_id <> '') found
     WHERE only_workspace IS NULL OR found.workspace_id = only_workspace
     ORDER BY found.rank
     LIMIT 1
$$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_mail_providers"),
    ]

    operations = [
        migrations.AddField(
            model_name="workspace",
            name="own_mail",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.CreateModel(
            name="DeliveryReport",
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
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("bounced", "Came back for good"),
                            ("returned", "Came back this time"),
                            ("complained", "Called it spam"),
                            ("unsubscribed", "Unsubscribed"),
                        ],
                        max_length=16,
                    ),
                ),
                ("key", models.CharField(max_length=64)),
                ("words", models.CharField(blank=True, default="", max_length=300)),
                (
                    "message",
                    models.ForeignKey(
                        db_constraint=False, on_delete=django.db.models.deletion.PROTECT, to="accounts.message"
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, to="accounts.workspace"
                    ),
                ),
            ],
            options={
                "default_related_name": "delivery_reports",
                "constraints": [
                    accounts.tenancy.constraints.RowSecurity(name="accounts_deliveryreport_rls"),
                    models.UniqueConstraint(fields=("workspace", "id"), name="accounts_deliveryreport_ws_id"),
                    accounts.tenancy.constraints.WorkspaceForeignKey(
                        field="message", name="accounts_deliveryreport_message_ws"
                    ),
                    models.UniqueConstraint(fields=("workspace", "key"), name="delivery_report_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="MailConnection",
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
                (
                    "kind",
                    models.CharField(
                        choices=[("ours", "Ours"), ("smtp", "Your mail server"), ("provider", "A mail provider")],
                        default="ours",
                        max_length=16,
                    ),
                ),
                ("sealed_url", models.BinaryField(default=bytes)),
                ("shown", models.CharField(blank=True, default="", max_length=300)),
                (
                    "from_domains",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=253), blank=True, default=list, size=None
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("untested", "Not tested yet"), ("working", "Working"), ("broken", "Broken")],
                        default="untested",
                        max_length=16,
                    ),
                ),
                ("words", models.CharField(blank=True, default="", max_length=500)),
                ("tested_at", models.DateTimeField(blank=True, null=True)),
                ("hook_nonce", models.PositiveIntegerField(default=1)),
                (
                    "test_message",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="accounts.message",
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, to="accounts.workspace"
                    ),
                ),
            ],
            options={
                "default_related_name": "mail_connections",
                "constraints": [
                    accounts.tenancy.constraints.RowSecurity(name="accounts_mailconnection_rls"),
                    models.UniqueConstraint(fields=("workspace", "id"), name="accounts_mailconnection_ws_id"),
                    accounts.tenancy.constraints.WorkspaceForeignKey(
                        field="test_message", name="accounts_mailconnection_test_message_ws"
                    ),
                    models.UniqueConstraint(fields=("workspace",), name="mail_connection_one"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", "ours"), models.Q(("sealed_url", b""), _negated=True), _connector="OR"
                        ),
                        name="mail_connection_has_an_address",
                    ),
                ],
            },
        ),
        migrations.RunSQL(
            [
                MESSAGE_REPORTED,
                "REVOKE ALL ON FUNCTION message_reported(uuid, text, uuid) FROM PUBLIC",
                "GRANT EXECUTE ON FUNCTION message_reported(uuid, text, uuid) TO goodword_app",
            ],
            ["DROP FUNCTION message_reported(uuid, text, uuid)"],
        ),
    ]
