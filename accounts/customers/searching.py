"""Text search over customers. LIKE can't use its index under row-level security, so functions of the owner search,
inside the current workspace only, and give ids (migration 0010)."""

from django.db.models.expressions import RawSQL

MOST_WORDS = 5


def contacts_matching(search: str) -> RawSQL:
    """The ids of contacts in whose name, address or company every word is found; for `pk__in`."""
    return RawSQL("SELECT contacts_matching(%s)", [search.split()[:MOST_WORDS]])


def companies_matching(search: str) -> RawSQL:
    """The ids of companies in whose name or domains every word is found; for `pk__in`."""
    return RawSQL("SELECT companies_matching(%s)", [search.split()[:MOST_WORDS]])
