"""Lists by cursor: `{"results": [...], "next": url|null, "previous": url|null}`."""

from typing import Any

from rest_framework.exceptions import ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.response import Response

ORDERINGS = {"-created_at": "-id", "created_at": "id"}


class IdCursor(CursorPagination):
    """Keys are UUIDv7, so their order is the order of creation, without ties."""

    page_size = 50
    page_size_query_param = "limit"
    max_page_size = 200
    ordering = "-id"

    def get_ordering(self, request: Any, queryset: Any, view: Any) -> tuple[str, ...]:
        asked = request.query_params.get("ordering", "-created_at")
        if asked not in ORDERINGS:
            raise ValidationError({"ordering": [f"Use one of {', '.join(ORDERINGS)}."]})
        return (ORDERINGS[asked],)

    def get_page_size(self, request: Any) -> int:
        limit = request.query_params.get("limit")
        if limit is None:
            return self.page_size
        if not limit.isascii() or not limit.isdigit() or not 1 <= int(limit) <= self.max_page_size:
            raise ValidationError({"limit": [f"Use a whole number from 1 to {self.max_page_size}."]})
        return int(limit)

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"results": data, "next": self.get_next_link(), "previous": self.get_previous_link()})
