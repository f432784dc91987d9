"""Up to 1,000 rows in one request: each in a savepoint of its own, so that a bad one never spoils the rest."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from rest_framework import serializers

from accounts.api.fields import StrictSerializer
from accounts.api.problems import flatten
from accounts.tenancy.errors import Refusal
from accounts.tenancy.models import PublicIdModel, Workspace

BULK_LIMIT = 1000


class BulkInput(StrictSerializer):
    items = serializers.ListField(child=serializers.JSONField(), min_length=1, max_length=BULK_LIMIT)


class BulkRowOutput(serializers.Serializer):
    index = serializers.IntegerField()
    status = serializers.IntegerField(help_text="What the single call would have answered: 200, 201, 409 or 422.")
    id = serializers.CharField(required=False)
    errors = serializers.ListField(child=serializers.DictField(), required=False)  # type: ignore[assignment]


class BulkOutput(serializers.Serializer):
    results = BulkRowOutput(many=True)


def each_row(
    items: list[Any],
    *,
    workspace: Workspace,
    serializer: type[serializers.Serializer],
    act: Callable[[dict[str, Any]], tuple[PublicIdModel, bool]],
) -> dict[str, Any]:
    """Judge each item and hand it to `act`, which gives a row and whether it is new; what BulkOutput describes."""
    return {"results": [_answer(index, item, workspace, serializer, act) for index, item in enumerate(items)]}


def _answer(
    index: int,
    item: Any,
    workspace: Workspace,
    serializer: type[serializers.Serializer],
    act: Callable[[dict[str, Any]], tuple[PublicIdModel, bool]],
) -> dict[str, Any]:
    try:
        with transaction.atomic():
            wanted = serializer(data=item, context={"workspace": workspace})
            wanted.is_valid(raise_exception=True)
            row, created = act(wanted.validated_data)
    except serializers.ValidationError as error:
        return {"index": index, "status": 422, "errors": list(flatten(error.detail))}
    except Refusal as error:
        problem = {"field": error.field, "code": error.code, "detail": error.detail}
        return {"index": index, "status": error.status, "errors": [problem]}
    return {"index": index, "status": 201 if created else 200, "id": row.public_id}
