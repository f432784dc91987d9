"""What every endpoint of the REST API has in common."""

from typing import Any, ClassVar

from django.db import transaction
from django.db.models import Manager, QuerySet
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api import idempotency
from accounts.api.models import ApiKey
from accounts.api.pagination import IdCursor
from accounts.tenancy import ids
from accounts.tenancy.actor import Actor
from accounts.tenancy.lookup import M, find_or_404
from accounts.tenancy.models import Workspace
from accounts.tenancy.scope import rendered


class WorkspaceAPIView(APIView):
    """One request, one transaction, one workspace: the key's. Subclasses name the scope that writing needs."""

    write_scope: ClassVar[str] = "admin"
    # DRF's request, with the workspace and the actor that authentication put on it.
    request: Any

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with transaction.atomic():
            response = rendered(super().dispatch(request, *args, **kwargs))
            if request.method == "POST":
                idempotency.keep(self.request, response)
        limit = getattr(request, "rate_limit", None)
        if limit:
            for name, value in zip(("Limit", "Remaining", "Reset"), limit, strict=True):
                response[f"RateLimit-{name}"] = str(value)
        return response

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method == "POST":
            idempotency.begin(request, now=timezone.now())

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, idempotency.Replay):
            return exc.response
        return super().handle_exception(exc)

    @property
    def workspace(self) -> Workspace:
        return self.request.workspace

    @property
    def actor(self) -> Actor:
        return self.request.actor

    @property
    def key(self) -> ApiKey:
        return self.request.auth

    def one(self, rows: "QuerySet[M] | Manager[M]", public_id: str) -> M:
        """The row with this public id, else 404: unknown, foreign and unreadable ids look the same."""
        return find_or_404(rows, public_id)

    def judged(self, serializer: type[serializers.Serializer], **options: Any) -> dict[str, Any]:
        """The body through its input serializer: judged before any state is looked at (422 before 409)."""
        wanted = serializer(data=self.request.data, context={"workspace": self.workspace}, **options)
        wanted.is_valid(raise_exception=True)
        return wanted.validated_data


class ListView(WorkspaceAPIView):
    """GET list. Subclasses give `rows()`, `output` and the filters they document."""

    output: ClassVar[type[serializers.Serializer]]
    filters: ClassVar[tuple[str, ...]] = ()
    updated_field: ClassVar[str] = "updated_at"
    pagination_class = IdCursor

    def rows(self) -> "QuerySet[Any]":
        raise NotImplementedError

    def get(self, request: Any) -> Response:
        known = {"limit", "cursor", "ordering", "updated_since", *self.filters}
        unknown = sorted(set(request.query_params) - known)
        if unknown:
            raise ValidationError({name: ["This filter is not known."] for name in unknown})
        # PostgreSQL stores no NUL, so it can't look for one either.
        unreadable = [name for name, value in request.query_params.items() if "\x00" in value]
        if unreadable:
            raise ValidationError({name: ["This holds a character that can't be stored."] for name in unreadable})
        rows = self.rows()
        since = self.time_filter("updated_since")
        if since:
            rows = rows.filter(**{f"{self.updated_field}__gte": since})
        pages = IdCursor()
        page = pages.paginate_queryset(rows, request, view=self)
        return pages.get_paginated_response(self.output(page, many=True, context=self.context(page)).data)

    def context(self, page: Any) -> dict[str, Any]:
        """What the output needs to know about the whole page, so that it need not ask row by row."""
        return {}

    def time_filter(self, name: str) -> Any:
        """A query parameter as an aware time, None where absent. Raises ValidationError."""
        text = self.request.query_params.get(name)
        if not text:
            return None
        try:
            value = parse_datetime(text.replace(" ", "+"))
        except ValueError:
            value = None
        if value is None or value.tzinfo is None:
            raise ValidationError({name: ["Use a time such as 2026-11-17T10:00:00Z."]})
        return value

    def id_filter(self, name: str, prefix: str) -> Any:
        """A query parameter as a key, None where absent. Raises ValidationError."""
        text = self.request.query_params.get(name)
        if not text:
            return None
        try:
            return ids.decode(prefix, text)
        except ids.BadId as error:
            raise ValidationError({name: [f"This is not an id such as {prefix}_..."]}) from error

    def choice_filter(self, name: str, choices: Any) -> str | None:
        """A query parameter that must be one of the choices' values. Raises ValidationError."""
        text = self.request.query_params.get(name)
        if text and text not in choices.values:
            raise ValidationError({name: [f"Use one of {', '.join(choices.values)}."]})
        return text or None
