"""The order of the list of rewards."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("rewards", "0002_ledger_walls"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="reward",
            index=models.Index(fields=["workspace", "granted_at", "id"], name="reward_list"),
        ),
    ]
