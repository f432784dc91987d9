"""People and companies in the palette: functions of the owner search in the current workspace only, and give ids."""

from uuid import UUID

from django.db import connection
from django.urls import reverse

from accounts.search.registry import Hit, Kind, add_kind
from accounts.tenancy.models import Workspace


def find_contacts(workspace: Workspace, wanted: str, most: int) -> list[Hit]:
    """People by their name or address. Two statements."""
    ids = _ids("find_contacts", wanted, most)
    rows = workspace.contacts.select_related("company").in_bulk(ids)
    return [
        Hit(
            rows[pk].name,
            rows[pk].company.name if rows[pk].company else rows[pk].email,
            reverse("contact-record", args=[workspace.slug, rows[pk].public_id]),
        )
        for pk in ids
        if pk in rows
    ]


def find_companies(workspace: Workspace, wanted: str, most: int) -> list[Hit]:
    """Companies by their name or domain. Two statements."""
    ids = _ids("find_companies", wanted, most)
    rows = workspace.companies.in_bulk(ids)
    return [
        Hit(rows[pk].name, rows[pk].industry, reverse("company-record", args=[workspace.slug, rows[pk].public_id]))
        for pk in ids
        if pk in rows
    ]


def register() -> None:
    """Called from AppConfig.ready()."""
    add_kind(Kind(10, "People", find_contacts))
    add_kind(Kind(20, "Companies", find_companies))


def _ids(function: str, wanted: str, most: int) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {function}(%s, %s)", [wanted, most])  # noqa: S608 -- a name of ours
        return [row[0] for row in cursor.fetchall()]
