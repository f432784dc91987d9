"""Referrals in the palette."""

from django.db import connection
from django.urls import reverse

from accounts.search.registry import Hit
from accounts.tenancy.models import Workspace


def find_referrals(workspace: Workspace, wanted: str, most: int) -> list[Hit]:
    """Referrals by the friend's name or company. Two statements."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM find_referrals(%s, %s)", [wanted, most])
        ids = [row[0] for row in cursor.fetchall()]
    rows = workspace.referrals.in_bulk(ids)
    return [
        Hit(
            rows[pk].referee_name,
            f"{rows[pk].referee_company_name} {rows[pk].get_stage_display().lower()}".strip(),
            reverse("referral-record", args=[workspace.slug, rows[pk].public_id]),
        )
        for pk in ids
        if pk in rows
    ]
