"""How far the first run has come, who plays a customer, and demo data on and off."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import uuid_utils.compat
from django.db import migrations, models

import accounts.tenancy.constraints
import accounts.tenancy.models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0021_sandboxes"),
        ("referrals", "0007_goals_of_a_week"),
    ]

    operations = [
        migrations.CreateModel(
            name="DemoJob",
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
                    "wish",
                    models.CharField(
                        choices=[("load", "Load demo data"), ("remove", "Remove demo data")], max_length=8
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("running", "Under way"), ("done", "Done"), ("failed", "Failed")],
                        default="running",
                        max_length=8,
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("scenes", models.PositiveSmallIntegerField(default=1)),
                ("told_at", models.DateTimeField()),
                ("error", models.CharField(blank=True, default="", max_length=240)),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
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
                "default_related_name": "demo_jobs",
                "constraints": [
                    accounts.tenancy.constraints.RowSecurity(name="referrals_demojob_rls"),
                    models.UniqueConstraint(fields=("workspace", "id"), name="referrals_demojob_ws_id"),
                    accounts.tenancy.constraints.WorkspaceForeignKey(
                        field="asked_by", name="referrals_demojob_asked_by_ws"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "running")), fields=("workspace",), name="demo_job_one_at_a_time"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FirstRun",
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
                    "skipped",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=16), blank=True, default=list, size=None
                    ),
                ),
                ("page_seen_at", models.DateTimeField(blank=True, null=True)),
                ("guardrails_confirmed_at", models.DateTimeField(blank=True, null=True)),
                ("put_away_at", models.DateTimeField(blank=True, null=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "guardrails_confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
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
                "default_related_name": "first_runs",
                "constraints": [
                    accounts.tenancy.constraints.RowSecurity(name="referrals_firstrun_rls"),
                    models.UniqueConstraint(fields=("workspace", "id"), name="referrals_firstrun_ws_id"),
                    accounts.tenancy.constraints.WorkspaceForeignKey(
                        field="guardrails_confirmed_by", name="referrals_firstrun_guardrails_confirmed_by_ws"
                    ),
                    models.UniqueConstraint(fields=("workspace",), name="first_run_one_per_workspace"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("guardrails_confirmed_at__isnull", True),
                            ("guardrails_confirmed_by__isnull", False),
                            _connector="OR",
                        ),
                        name="first_run_guardrails_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Practice",
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
                ("begun_at", models.DateTimeField()),
                ("survey_path", models.CharField(blank=True, default="", max_length=200)),
                ("landing_path", models.CharField(blank=True, default="", max_length=200)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "begun_by",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
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
                "default_related_name": "practices",
                "constraints": [
                    accounts.tenancy.constraints.RowSecurity(name="referrals_practice_rls"),
                    models.UniqueConstraint(fields=("workspace", "id"), name="referrals_practice_ws_id"),
                    accounts.tenancy.constraints.WorkspaceForeignKey(
                        field="begun_by", name="referrals_practice_begun_by_ws"
                    ),
                    models.UniqueConstraint(fields=("workspace",), name="practice_one_per_workspace"),
                ],
            },
        ),
    ]
