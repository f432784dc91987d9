"""What referrals are found and sorted by."""

import django.contrib.postgres.indexes
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0014_search_functions"),
        ("referrals", "0004_outage_reports"),
    ]

    operations = [
        migrations.AddField(
            model_name="referral",
            name="search_key",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.db.models.functions.text.Lower(
                    django.db.models.functions.text.Concat("referee_name", models.Value(" "), "referee_company_name")
                ),
                output_field=models.CharField(db_collation="C", max_length=401),
            ),
        ),
        migrations.AddIndex(
            model_name="referral",
            index=models.Index(fields=["workspace", "stage_changed_at", "id"], name="referral_by_move"),
        ),
        migrations.AddIndex(
            model_name="referral",
            index=django.contrib.postgres.indexes.GinIndex(
                models.F("workspace"),
                django.contrib.postgres.indexes.OpClass("search_key", name="gin_trgm_ops"),
                name="referral_search",
            ),
        ),
    ]
