"""Up to 1,000 rows in one request, of which a bad one never spoils the rest."""

from collections.abc import Callable, Sequence
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
    wanted = serializer(context={"workspace": workspace})
    return {"results": [_answer(index, item, wanted, act) for index, item in enumerate(items)]}


def all_rows(
    items: list[Any],
    *,
    workspace: Workspace,
    serializer: type[serializers.Serializer],
    act: Callable[[list[dict[str, Any]]], Sequence[tuple[PublicIdModel, bool] | Refusal]],
) -> dict[str, Any]:
    """The same, where `act` takes all the good items at once and gives what became of each, in order."""
    # One serializer judges them all: to make one for each item takes longer than to judge it.
    wanted = serializer(context={"workspace": workspace})
    judged = [_judged(index, item, wanted) for index, item in enumerate(items)]
    good = [fields for _index, fields, bad in judged if bad is None]
    done = iter(act(good))
    return {"results": [bad or _told(index, next(done)) for index, _fields, bad in judged]}


def _judged(index: int, item: Any, wanted: serializers.Serializer) -> tuple[int, dict[str, Any], dict[str, Any] | None]:
    try:
        return index, wanted.run_validation(item), None
    except serializers.ValidationError as error:
        return index, {}, {"index": index, "status": 422, "errors": list(flatten(error.detail))}


def _answer(
    index: int,
    item: Any,
    wanted: serializers.Serializer,
    act: Callable[[dict[str, Any]], tuple[PublicIdModel, bool]],
) -> dict[str, Any]:
    try:
        with transaction.atomic():
            _, fields, bad = _judged(index, item, wanted)
            return bad or _told(index, act(fields))
    except Refusal as refusal:
        return _told(index, refusal)


def _told(index: int, done: tuple[PublicIdModel, bool] | Refusal) -> dict[str, Any]:
    if isinstance(done, Refusal):
        problem = {"field": done.field, "code": done.code, "detail": done.detail}
        return {"index": index, "status": done.status, "errors": [problem]}
    row, created = done
    return {"index": index, "status": 201 if created else 200, "id": row.public_id}
