"""A workspace may stand beside another one as its sandbox; copies of mails written in one's own mailbox."""

import django.db.models.deletion
import django.db.models.functions.datetime
import uuid_utils.compat
from django.db import migrations, models

import accounts.tenancy.constraints
import accounts.tenancy.models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0020_notices_and_slack"),
    ]

    operations = [
        migrations.CreateModel(
            name="CopiedMail",
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
                ("key", models.CharField(max_length=64)),
                ("from_domain", models.CharField(blank=True, default="", max_length=255)),
                ("outcome", models.CharField(choices=[("settled", "Noted"), ("ignored", "Ignored")], max_length=8)),
                ("reason", models.CharField(blank=True, default="", max_length=240)),
                ("received_at", models.DateTimeField()),
            ],
            options={
                "default_related_name": "copied_mails",
            },
        ),
        migrations.AddField(
            model_name="workspace",
            name="sandbox_kind",
            field=models.CharField(
                blank=True,
                choices=[("practice", "Practice: somebody plays a customer"), ("demo", "Demo data")],
                db_default="",
                default="",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="workspace",
            name="sandbox_of",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="sandboxes",
                to="accounts.workspace",
            ),
        ),
        migrations.AddConstraint(
            model_name="workspace",
            constraint=models.UniqueConstraint(
                fields=("sandbox_of", "sandbox_kind"), name="workspace_one_sandbox_of_a_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="workspace",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("sandbox_kind", ""), ("sandbox_of__isnull", True)),
                    models.Q(
                        ("is_demo", True), ("sandbox_kind__in", ["practice", "demo"]), ("sandbox_of__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="workspace_sandbox_is_demo",
            ),
        ),
        migrations.AddField(
            model_name="copiedmail",
            name="workspace",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, to="accounts.workspace"
            ),
        ),
        migrations.AddIndex(
            model_name="copiedmail",
            index=models.Index(fields=["workspace", "received_at"], name="copied_mail_latest"),
        ),
        migrations.AddConstraint(
            model_name="copiedmail",
            constraint=accounts.tenancy.constraints.RowSecurity(name="accounts_copiedmail_rls"),
        ),
        migrations.AddConstraint(
            model_name="copiedmail",
            constraint=models.UniqueConstraint(fields=("workspace", "id"), name="accounts_copiedmail_ws_id"),
        ),
        migrations.AddConstraint(
            model_name="copiedmail",
            constraint=models.UniqueConstraint(fields=("workspace", "key"), name="copied_mail_once"),
        ),
    ]
