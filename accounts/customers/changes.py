"""Bringing given fields onto a row: judged first, then only what differs is written."""

from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from accounts.customers import validity
from accounts.tenancy.errors import InvalidInput

_CHECKS: dict[str, Callable[[Any], None]] = {
    "country": validity.check_country,
    "timezone": validity.check_timezone,
    "attributes": validity.check_attributes,
    "email": validity.check_email,
}


def judge_fields(fields: Mapping[str, Any]) -> None:
    """Refuse values that no row may hold. Raises InvalidInput, naming the field."""
    for name, check in _CHECKS.items():
        if fields.get(name) is not None:
            judged(check, fields[name], field=name)


def judged(check: Callable[[Any], Any], value: Any, *, field: str) -> Any:
    """What `check` gives for the value. Raises InvalidInput in place of Django's ValidationError."""
    try:
        return check(value)
    except ValidationError as error:
        raise InvalidInput(str(error.message), code=error.code, field=field) from error


def apply(row: models.Model, values: Mapping[str, Any]) -> list[str]:
    """Set the values on the row, null meaning "empty" where a column has no null; gives the names that changed."""
    changed = []
    for name, value in values.items():
        field: Any = row._meta.get_field(name)
        if value is None and not field.null:
            value = field.get_default()
        if getattr(row, name) != value:
            setattr(row, name, value)
            changed.append(name)
    return changed


def settle_external_id(rows: Any, row: Any, values: dict[str, Any]) -> None:
    """Take the external id out of the values where it is an old key of this row's merged duplicate.

    Raises InvalidInput where it would rename the row, or belongs to another one.
    """
    wanted = values.get("external_id")
    if not wanted or wanted == row.external_id:
        return
    holder = rows.filter(external_id=wanted).first()
    if holder and holder.merged_into_id == row.pk:
        del values["external_id"]
    elif holder or row.external_id:
        whose = f"belongs to {holder.public_id}" if holder else f"is not the one of {row.public_id}"
        raise InvalidInput(f"The external_id “{wanted}” {whose}.", code="external_id_taken", field="external_id")
