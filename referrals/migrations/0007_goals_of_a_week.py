"""What a workspace wants to reach in a week."""

import django.db.models.deletion
import django.db.models.functions.datetime
import uuid_utils.compat
from django.db import migrations, models

import accounts.tenancy.constraints
import accounts.tenancy.models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0016_imports_as_jobs"),
        ("referrals", "0006_find_referrals"),
    ]

    operations = [
        migrations.CreateModel(
            name="WeekGoals",
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
                ("promise_percent", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("asks", models.PositiveIntegerField(blank=True, null=True)),
                ("calls", models.PositiveIntegerField(blank=True, null=True)),
                ("pipeline_minor", models.BigIntegerField(blank=True, null=True)),
                ("won", models.PositiveIntegerField(blank=True, null=True)),
                ("thanked_percent", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "workspace",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, to="accounts.workspace"
                    ),
                ),
            ],
            options={
                "default_related_name": "week_goals",
                "constraints": [
                    accounts.tenancy.constraints.RowSecurity(name="referrals_weekgoals_rls"),
                    models.UniqueConstraint(fields=("workspace", "id"), name="referrals_weekgoals_ws_id"),
                    models.UniqueConstraint(fields=("workspace",), name="week_goals_one"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("promise_percent__isnull", True), ("promise_percent__range", (1, 100)), _connector="OR"
                        ),
                        name="week_goal_promise_is_a_share",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("thanked_percent__isnull", True), ("thanked_percent__range", (1, 100)), _connector="OR"
                        ),
                        name="week_goal_thanked_is_a_share",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("pipeline_minor__isnull", True), ("pipeline_minor__gt", 0), _connector="OR"
                        ),
                        name="week_goal_pipeline_positive",
                    ),
                ],
            },
        ),
    ]
