"""What lists and records of the dashboard share: choosing a filter, turning pages."""

from collections.abc import Collection
from typing import TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.tenancy.models import PublicIdModel

PER_PAGE = 50

M = TypeVar("M", bound=PublicIdModel)


def page_of(request: HttpRequest, rows: "QuerySet[M]", per_page: int = PER_PAGE) -> "Page[M]":
    """The page that `?page=` asks for; a page that is not there gives the nearest. Two statements."""
    return Paginator(rows, per_page).get_page(request.GET.get("page"))


def chosen(request: HttpRequest, name: str, allowed: Collection[str], default: str = "") -> str:
    """The value of a filter in the address bar, or the default for one we do not know."""
    value = request.GET.get(name, default)
    return value if value in allowed else default


def typed(request: HttpRequest, name: str = "q") -> str:
    """What was typed into a search field, at most 100 characters. PostgreSQL refuses a NUL."""
    return request.GET.get(name, "").replace("\x00", "").strip()[:100]
