"""Lists that stay fast at a million rows: stored keys to sort and find by; views and files people keep; notes."""

import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.datetime
import django.db.models.functions.text
import uuid_utils.compat
from django.contrib.postgres.operations import BtreeGinExtension, TrigramExtension
from django.db import migrations, models

import accounts.tenancy.constraints
import accounts.tenancy.models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0012_sign_on_functions"),
    ]

    operations = [
        TrigramExtension(),
        BtreeGinExtension(),
        migrations.CreateModel(
            name="DefaultView",
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
                ("list_name", models.CharField(max_length=32)),
            ],
            options={
                "default_related_name": "default_views",
            },
        ),
        migrations.CreateModel(
            name="Export",
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
                ("list_name", models.CharField(max_length=32)),
                ("query", models.CharField(blank=True, default="", max_length=1000)),
                ("chosen_ids", models.JSONField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Waiting"),
                            ("running", "Being written"),
                            ("done", "Ready"),
                            ("failed", "Failed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="queued",
                        max_length=12,
                    ),
                ),
                ("rows_total", models.PositiveIntegerField(blank=True, null=True)),
                ("rows_done", models.PositiveIntegerField(default=0)),
                ("chunks", models.PositiveIntegerField(default=0)),
                ("cursor", models.TextField(blank=True, default="")),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("expires_at", models.DateTimeField()),
                ("error", models.CharField(blank=True, default="", max_length=240)),
            ],
            options={
                "default_related_name": "exports",
            },
        ),
        migrations.CreateModel(
            name="ExportChunk",
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
            ],
            options={
                "default_related_name": "export_chunks",
            },
        ),
        migrations.CreateModel(
            name="Note",
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
                ("subject_id", models.UUIDField(blank=True, null=True)),
                ("body", models.TextField(blank=True)),
                ("edited_at", models.DateTimeField(blank=True, null=True)),
                ("deleted_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "default_related_name": "notes",
            },
        ),
        migrations.CreateModel(
            name="SavedView",
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
                ("list_name", models.CharField(max_length=32)),
                ("name", models.CharField(max_length=80)),
                ("query", models.CharField(blank=True, default="", max_length=1000)),
                ("shared", models.BooleanField(default=False)),
            ],
            options={
                "default_related_name": "saved_views",
            },
        ),
        migrations.RemoveIndex(
            model_name="company",
            name="company_list",
        ),
        migrations.AddField(
            model_name="company",
            name="name_key",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.db.models.functions.text.Lower("name"),
                output_field=models.CharField(db_collation="C", max_length=200),
            ),
        ),
        migrations.AddField(
            model_name="contact",
            name="name_key",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.db.models.functions.text.Lower(
                    django.db.models.functions.comparison.Coalesce(
                        django.db.models.functions.comparison.NullIf(
                            django.db.models.functions.text.Trim(
                                django.db.models.functions.text.Concat("first_name", models.Value(" "), "last_name")
                            ),
                            models.Value(""),
                        ),
                        django.db.models.functions.comparison.Cast("email", models.CharField(max_length=254)),
                    )
                ),
                output_field=models.CharField(db_collation="C", max_length=254),
            ),
        ),
        migrations.AddField(
            model_name="contact",
            name="search_key",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.db.models.functions.text.Lower(
                    django.db.models.functions.text.Concat(
                        "first_name",
                        models.Value(" "),
                        "last_name",
                        models.Value(" "),
                        django.db.models.functions.comparison.Cast("email", models.CharField(max_length=254)),
                    )
                ),
                output_field=models.CharField(db_collation="C", max_length=500),
            ),
        ),
        migrations.AddIndex(
            model_name="company",
            index=models.Index(fields=["workspace", "name_key", "id"], name="company_by_name"),
        ),
        migrations.AddIndex(
            model_name="company",
            index=models.Index(fields=["workspace", "arr_minor", "id"], name="company_by_revenue"),
        ),
        migrations.AddIndex(
            model_name="company",
            index=models.Index(fields=["workspace", "renewal_on", "id"], name="company_by_renewal"),
        ),
        migrations.AddIndex(
            model_name="company",
            index=models.Index(fields=["workspace", "customer_since", "id"], name="company_by_age"),
        ),
        migrations.AddIndex(
            model_name="company",
            index=django.contrib.postgres.indexes.GinIndex(
                models.F("workspace"),
                django.contrib.postgres.indexes.OpClass("name_key", name="gin_trgm_ops"),
                name="company_search",
            ),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(fields=["workspace", "name_key", "id"], name="contact_by_name"),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(fields=["workspace", "latest_answer_at", "id"], name="contact_by_answer"),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(fields=["workspace", "asked_at", "id"], name="contact_by_ask"),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=django.contrib.postgres.indexes.GinIndex(
                models.F("workspace"),
                django.contrib.postgres.indexes.OpClass("search_key", name="gin_trgm_ops"),
                name="contact_search",
            ),
        ),
        migrations.AddField(
            model_name="defaultview",
            name="member",
            field=models.ForeignKey(
                db_constraint=False, on_delete=django.db.models.deletion.PROTECT, to="accounts.member"
            ),
        ),
        migrations.AddField(
            model_name="defaultview",
            name="workspace",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, to="accounts.workspace"
            ),
        ),
        migrations.AddField(
            model_name="export",
            name="member",
            field=models.ForeignKey(
                db_constraint=False, on_delete=django.db.models.deletion.PROTECT, to="accounts.member"
            ),
        ),
        migrations.AddField(
            model_name="export",
            name="workspace",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, to="accounts.workspace"
            ),
        ),
        migrations.AddField(
            model_name="exportchunk",
            name="export",
            field=models.ForeignKey(
                db_constraint=False, on_delete=django.db.models.deletion.PROTECT, to="accounts.export"
            ),
        ),
        migrations.AddField(
            model_name="exportchunk",
            name="workspace",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, to="accounts.workspace"
            ),
        ),
        migrations.AddField(
            model_name="note",
            name="author",
            field=models.ForeignKey(
                db_constraint=False, on_delete=django.db.models.deletion.PROTECT, to="accounts.member"
            ),
        ),
        migrations.AddField(
            model_name="note",
            name="company",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="accounts.company",
            ),
        ),
        migrations.AddField(
            model_name="note",
            name="contact",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="accounts.contact",
            ),
        ),
        migrations.AddField(
            model_name="note",
            name="workspace",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, to="accounts.workspace"
            ),
        ),
        migrations.AddField(
            model_name="savedview",
            name="owner",
            field=models.ForeignKey(
                db_constraint=False, on_delete=django.db.models.deletion.PROTECT, to="accounts.member"
            ),
        ),
        migrations.AddField(
            model_name="savedview",
            name="workspace",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, to="accounts.workspace"
            ),
        ),
        migrations.AddField(
            model_name="defaultview",
            name="view",
            field=models.ForeignKey(
                db_constraint=False, on_delete=django.db.models.deletion.PROTECT, to="accounts.savedview"
            ),
        ),
        migrations.AddIndex(
            model_name="export",
            index=models.Index(fields=["workspace", "member", "created_at"], name="export_of_member"),
        ),
        migrations.AddIndex(
            model_name="export",
            index=models.Index(
                condition=models.Q(("state__in", ["queued", "running"])),
                fields=["workspace", "lease_until"],
                name="export_open",
            ),
        ),
        migrations.AddIndex(
            model_name="export",
            index=models.Index(fields=["workspace", "expires_at"], name="export_expired"),
        ),
        migrations.AddConstraint(
            model_name="export",
            constraint=accounts.tenancy.constraints.RowSecurity(name="accounts_export_rls"),
        ),
        migrations.AddConstraint(
            model_name="export",
            constraint=models.UniqueConstraint(fields=("workspace", "id"), name="accounts_export_ws_id"),
        ),
        migrations.AddConstraint(
            model_name="export",
            constraint=accounts.tenancy.constraints.WorkspaceForeignKey(
                field="member", name="accounts_export_member_ws"
            ),
        ),
        migrations.AddConstraint(
            model_name="export",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("finished_at__isnull", True), ("state__in", ["queued", "running"])),
                    models.Q(("finished_at__isnull", False), ("state__in", ["done", "failed", "cancelled"])),
                    _connector="OR",
                ),
                name="export_finished_at_with_its_end",
            ),
        ),
        migrations.AddConstraint(
            model_name="exportchunk",
            constraint=accounts.tenancy.constraints.RowSecurity(name="accounts_exportchunk_rls"),
        ),
        migrations.AddConstraint(
            model_name="exportchunk",
            constraint=models.UniqueConstraint(fields=("workspace", "id"), name="accounts_exportchunk_ws_id"),
        ),
        migrations.AddConstraint(
            model_name="exportchunk",
            constraint=accounts.tenancy.constraints.WorkspaceForeignKey(
                field="export", name="accounts_exportchunk_export_ws"
            ),
        ),
        migrations.AddConstraint(
            model_name="exportchunk",
            constraint=models.UniqueConstraint(fields=("workspace", "export", "number"), name="export_chunk_once"),
        ),
        migrations.AddIndex(
            model_name="note",
            index=models.Index(fields=["workspace", "contact"], name="note_of_contact"),
        ),
        migrations.AddIndex(
            model_name="note",
            index=models.Index(fields=["workspace", "company"], name="note_of_company"),
        ),
        migrations.AddIndex(
            model_name="note",
            index=models.Index(fields=["workspace", "subject_id"], name="note_of_subject"),
        ),
        migrations.AddConstraint(
            model_name="note",
            constraint=accounts.tenancy.constraints.RowSecurity(name="accounts_note_rls"),
        ),
        migrations.AddConstraint(
            model_name="note",
            constraint=models.UniqueConstraint(fields=("workspace", "id"), name="accounts_note_ws_id"),
        ),
        migrations.AddConstraint(
            model_name="note",
            constraint=accounts.tenancy.constraints.WorkspaceForeignKey(
                field="contact", name="accounts_note_contact_ws"
            ),
        ),
        migrations.AddConstraint(
            model_name="note",
            constraint=accounts.tenancy.constraints.WorkspaceForeignKey(
                field="company", name="accounts_note_company_ws"
            ),
        ),
        migrations.AddConstraint(
            model_name="note",
            constraint=accounts.tenancy.constraints.WorkspaceForeignKey(field="author", name="accounts_note_author_ws"),
        ),
        migrations.AddConstraint(
            model_name="note",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("company__isnull", True), ("contact__isnull", False), ("subject_id__isnull", True)),
                    models.Q(("company__isnull", False), ("contact__isnull", True), ("subject_id__isnull", True)),
                    models.Q(("company__isnull", True), ("contact__isnull", True), ("subject_id__isnull", False)),
                    _connector="OR",
                ),
                name="note_on_one_record",
            ),
        ),
        migrations.AddConstraint(
            model_name="note",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("deleted_at__isnull", True), models.Q(("body", ""), _negated=True)),
                    models.Q(("body", ""), ("deleted_at__isnull", False)),
                    _connector="OR",
                ),
                name="note_has_words_until_deleted",
            ),
        ),
        migrations.AddIndex(
            model_name="savedview",
            index=models.Index(fields=["workspace", "list_name"], name="saved_view_of_list"),
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=accounts.tenancy.constraints.RowSecurity(name="accounts_savedview_rls"),
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.UniqueConstraint(fields=("workspace", "id"), name="accounts_savedview_ws_id"),
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=accounts.tenancy.constraints.WorkspaceForeignKey(
                field="owner", name="accounts_savedview_owner_ws"
            ),
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.UniqueConstraint(
                fields=("workspace", "owner", "list_name", "name"), name="saved_view_name_once_per_owner"
            ),
        ),
        migrations.AddConstraint(
            model_name="defaultview",
            constraint=accounts.tenancy.constraints.RowSecurity(name="accounts_defaultview_rls"),
        ),
        migrations.AddConstraint(
            model_name="defaultview",
            constraint=models.UniqueConstraint(fields=("workspace", "id"), name="accounts_defaultview_ws_id"),
        ),
        migrations.AddConstraint(
            model_name="defaultview",
            constraint=accounts.tenancy.constraints.WorkspaceForeignKey(
                field="member", name="accounts_defaultview_member_ws"
            ),
        ),
        migrations.AddConstraint(
            model_name="defaultview",
            constraint=accounts.tenancy.constraints.WorkspaceForeignKey(
                field="view", name="accounts_defaultview_view_ws"
            ),
        ),
        migrations.AddConstraint(
            model_name="defaultview",
            constraint=models.UniqueConstraint(
                fields=("workspace", "member", "list_name"), name="default_view_once_per_list"
            ),
        ),
    ]
