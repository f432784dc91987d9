"""The order of the list of referrals."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("referrals", "0002_visit_functions"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="referral",
            index=models.Index(fields=["workspace", "stage_changed_at", "id"], name="referral_by_move"),
        ),
    ]
