"""A query whose SQL is written once: on the few hot paths Django takes longer to write it than PostgreSQL to answer."""

import threading
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.query import get_related_populators

M = TypeVar("M", bound=Model)


class CompiledQuery(Generic[M]):
    """The rows of `build(*keys)`, a queryset that differs from call to call only in these keys.

    Everything Django does with a row is done: converters, `select_related`, `select_for_update`. Each thread compiles
    for itself, because a compiler belongs to the connection of its thread.
    """

    def __init__(self, build: "Callable[..., QuerySet[M]]", *, keys: int) -> None:
        self._build, self._marks = build, [UUID(int=number + 1) for number in range(keys)]
        self._kept = threading.local()

    def rows(self, *keys: UUID) -> list[M]:
        """Run it with these keys."""
        if not hasattr(self._kept, "reader"):
            self._kept.reader = _Reader(self._build(*self._marks))
        return self._kept.reader.read(dict(zip(self._marks, keys, strict=True)))


class _Reader:
    def __init__(self, queryset: "QuerySet[Any]") -> None:
        self.compiler = compiler = queryset.query.get_compiler(queryset.db)
        self.sql, self.params = compiler.as_sql()
        self.converters = compiler.get_converters([column for column, _sql, _alias in compiler.select])
        own: Sequence[int] = compiler.klass_info["select_fields"]
        self.own = slice(own[0], own[-1] + 1)
        self.names = [column.target.attname for column, _sql, _alias in compiler.select[self.own]]
        self.populators = get_related_populators(compiler.klass_info, compiler.select, queryset.db)
        self.model, self.alias = queryset.model, queryset.db

    def read(self, values: dict[UUID, UUID]) -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(self.sql, [values.get(param, param) for param in self.params])
            found = cursor.fetchall()
        rows = []
        for row in self.compiler.apply_converters(found, self.converters):
            instance = self.model.from_db(self.alias, self.names, row[self.own])
            for populator in self.populators:
                populator.populate(row, instance)
            rows.append(instance)
        return rows
