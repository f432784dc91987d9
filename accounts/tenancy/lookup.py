"""Finding one row of a workspace by the id the world knows it by."""

from typing import Any, TypeVar

from django.db.models import Manager, QuerySet
from django.http import Http404

from accounts.tenancy import ids
from accounts.tenancy.models import PublicIdModel

M = TypeVar("M", bound=PublicIdModel)


def find_or_404(rows: "QuerySet[M] | Manager[M]", public_id: str) -> M:
    """The row with this public id. Raises Http404: unknown, foreign and unreadable ids look the same."""
    model: Any = rows.model
    try:
        return rows.get(pk=ids.decode(model.prefix, public_id))
    except (ids.BadId, model.DoesNotExist) as error:
        raise Http404 from error
