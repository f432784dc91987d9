"""Imports are rows: the file in pieces, how it is read, how far it has come, what was refused."""

import django.db.models.deletion
import django.db.models.functions.datetime
import uuid_utils.compat
from django.db import migrations, models

import accounts.tenancy.constraints
import accounts.tenancy.models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0015_two_of_them"),
    ]

    operations = [
        migrations.CreateModel(
            name="ImportJob",
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
                ("kind", models.CharField(blank=True, default="", max_length=24)),
                ("filename", models.CharField(max_length=200)),
                ("size_bytes", models.BigIntegerField()),
                ("encoding", models.CharField(max_length=16)),
                ("delimiter", models.CharField(max_length=1)),
                ("skip_lines", models.PositiveSmallIntegerField(default=0)),
                ("sub_header", models.BooleanField(default=False)),
                ("header", models.JSONField(default=list)),
                ("columns", models.JSONField(default=dict)),
                ("attributes", models.JSONField(blank=True, default=dict)),
                ("constants", models.JSONField(blank=True, default=dict)),
                ("chosen_formats", models.JSONField(blank=True, default=dict)),
                ("formats", models.JSONField(blank=True, null=True)),
                ("currency", models.CharField(max_length=3)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("mapping", "Waiting for its columns"),
                            ("trying", "Trying"),
                            ("tried", "Waiting for your go"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("cancelled", "Stopped"),
                            ("failed", "Failed"),
                        ],
                        default="mapping",
                        max_length=12,
                    ),
                ),
                ("rows_expected", models.PositiveBigIntegerField(default=0)),
                ("position", models.PositiveBigIntegerField(default=0)),
                ("report", models.JSONField(blank=True, default=dict)),
                ("error", models.CharField(blank=True, default="", max_length=500)),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("erased_at", models.DateTimeField(blank=True, null=True)),
                (
                    "again_of",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sent_again",
                        to="accounts.importjob",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="accounts.member",
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
                "default_related_name": "import_jobs",
            },
        ),
        migrations.CreateModel(
            name="ImportPiece",
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
                ("number", models.PositiveIntegerField()),
                ("data", models.BinaryField()),
                (
                    "job",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pieces",
                        to="accounts.importjob",
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
                "default_related_name": "import_pieces",
            },
        ),
        migrations.CreateModel(
            name="RefusedRow",
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
                ("line", models.PositiveBigIntegerField()),
                ("reason", models.CharField(max_length=500)),
                ("cells", models.JSONField()),
                (
                    "job",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="refused_rows",
                        to="accounts.importjob",
                    ),
                ),
                (
                    "mended_in",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mended_rows",
                        to="accounts.importjob",
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
                "default_related_name": "refused_rows",
            },
        ),
        migrations.CreateModel(
            name="SavedMapping",
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
                ("signature", models.CharField(max_length=64)),
                ("kind", models.CharField(max_length=24)),
                ("columns", models.JSONField()),
                ("attributes", models.JSONField(blank=True, default=dict)),
                ("constants", models.JSONField(blank=True, default=dict)),
                ("chosen_formats", models.JSONField(blank=True, default=dict)),
                ("used_at", models.DateTimeField()),
                (
                    "workspace",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, to="accounts.workspace"
                    ),
                ),
            ],
            options={
                "default_related_name": "saved_mappings",
            },
        ),
        migrations.AddIndex(
            model_name="importjob",
            index=models.Index(fields=["workspace", "-created_at"], name="import_job_history"),
        ),
        migrations.AddIndex(
            model_name="importjob",
            index=models.Index(
                condition=models.Q(("state__in", ["trying", "running"])),
                fields=["workspace", "lease_until"],
                name="import_job_under_way",
            ),
        ),
        migrations.AddConstraint(
            model_name="importjob",
            constraint=accounts.tenancy.constraints.RowSecurity(name="accounts_importjob_rls"),
        ),
        migrations.AddConstraint(
            model_name="importjob",
            constraint=models.UniqueConstraint(fields=("workspace", "id"), name="accounts_importjob_ws_id"),
        ),
        migrations.AddConstraint(
            model_name="importjob",
            constraint=accounts.tenancy.constraints.WorkspaceForeignKey(
                field="created_by", name="accounts_importjob_created_by_ws"
            ),
        ),
        migrations.AddConstraint(
            model_name="importjob",
            constraint=accounts.tenancy.constraints.WorkspaceForeignKey(
                field="again_of", name="accounts_importjob_again_of_ws"
            ),
        ),
        migrations.AddConstraint(
            model_name="importjob",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["trying", "tried", "running", "done"]), _negated=True),
                    models.Q(("kind", ""), _negated=True),
                    _connector="OR",
                ),
                name="import_job_kind_is_chosen",
            ),
        ),
        migrations.AddConstraint(
            model_name="importjob",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_at__isnull", True), ("state__in", ["done", "cancelled", "failed"]), _connector="OR"
                ),
                name="import_job_ended_is_over",
            ),
        ),
        migrations.AddConstraint(
            model_name="importpiece",
            constraint=accounts.tenancy.constraints.RowSecurity(name="accounts_importpiece_rls"),
        ),
        migrations.AddConstraint(
            model_name="importpiece",
            constraint=models.UniqueConstraint(fields=("workspace", "id"), name="accounts_importpiece_ws_id"),
        ),
        migrations.AddConstraint(
            model_name="importpiece",
            constraint=accounts.tenancy.constraints.WorkspaceForeignKey(
                field="job", name="accounts_importpiece_job_ws"
            ),
        ),
        migrations.AddConstraint(
            model_name="importpiece",
            constraint=models.UniqueConstraint(fields=("workspace", "job", "number"), name="import_piece_once"),
        ),
        migrations.AddConstraint(
            model_name="refusedrow",
            constraint=accounts.tenancy.constraints.RowSecurity(name="accounts_refusedrow_rls"),
        ),
        migrations.AddConstraint(
            model_name="refusedrow",
            constraint=models.UniqueConstraint(fields=("workspace", "id"), name="accounts_refusedrow_ws_id"),
        ),
        migrations.AddConstraint(
            model_name="refusedrow",
            constraint=accounts.tenancy.constraints.WorkspaceForeignKey(field="job", name="accounts_refusedrow_job_ws"),
        ),
        migrations.AddConstraint(
            model_name="refusedrow",
            constraint=accounts.tenancy.constraints.WorkspaceForeignKey(
                field="mended_in", name="accounts_refusedrow_mended_in_ws"
            ),
        ),
        migrations.AddConstraint(
            model_name="refusedrow",
            constraint=models.UniqueConstraint(fields=("workspace", "job", "line"), name="refused_row_once"),
        ),
        migrations.AddConstraint(
            model_name="savedmapping",
            constraint=accounts.tenancy.constraints.RowSecurity(name="accounts_savedmapping_rls"),
        ),
        migrations.AddConstraint(
            model_name="savedmapping",
            constraint=models.UniqueConstraint(fields=("workspace", "id"), name="accounts_savedmapping_ws_id"),
        ),
        migrations.AddConstraint(
            model_name="savedmapping",
            constraint=models.UniqueConstraint(fields=("workspace", "signature"), name="saved_mapping_once_per_header"),
        ),
        # Compressing a megabyte takes longer than writing it.
        migrations.RunSQL(
            "ALTER TABLE accounts_importpiece ALTER COLUMN data SET STORAGE EXTERNAL",
            "ALTER TABLE accounts_importpiece ALTER COLUMN data SET STORAGE EXTENDED",
        ),
    ]
