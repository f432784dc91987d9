"""Pairs that look like duplicates and are two."""

import django.db.models.deletion
import django.db.models.functions.datetime
import uuid_utils.compat
from django.db import migrations, models

import accounts.tenancy.constraints
import accounts.tenancy.models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0014_search_functions"),
    ]

    operations = [
        migrations.CreateModel(
            name="TwoOfThem",
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
                ("low_id", models.UUIDField()),
                ("high_id", models.UUIDField()),
                ("said_by_kind", models.CharField(max_length=16)),
                ("said_by_id", models.UUIDField(blank=True, null=True)),
                (
                    "workspace",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, to="accounts.workspace"
                    ),
                ),
            ],
            options={
                "default_related_name": "two_of_them",
                "constraints": [
                    accounts.tenancy.constraints.RowSecurity(name="accounts_twoofthem_rls"),
                    models.UniqueConstraint(fields=("workspace", "id"), name="accounts_twoofthem_ws_id"),
                    models.UniqueConstraint(fields=("workspace", "low_id", "high_id"), name="two_of_them_once"),
                    models.CheckConstraint(
                        condition=models.Q(("low_id__lt", models.F("high_id"))), name="two_of_them_in_order"
                    ),
                ],
            },
        ),
    ]
