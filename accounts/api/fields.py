"""Fields that every room's serializers share."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.tenancy import ids
from accounts.tenancy.money import Money, MoneyError

# Money in the OpenAPI document.
MONEY = {
    "type": "object",
    "required": ["amount", "currency"],
    "properties": {
        "amount": {"type": "integer", "description": "In minor units: 50000 is $500.00.", "example": 50000},
        "currency": {"type": "string", "description": "ISO 4217", "example": "USD"},
    },
    "nullable": True,
}


class StrictSerializer(serializers.Serializer):
    """Input in which an unknown field is an error: a typing mistake must not be lost in silence."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            unknown = sorted(set(data) - set(self.fields))
            if unknown:
                raise serializers.ValidationError(
                    {
                        name: [serializers.ErrorDetail("This field is not known.", code="unknown_field")]
                        for name in unknown
                    }
                )
        return super().to_internal_value(data)


class PublicId(serializers.CharField):
    """The prefixed id of a row or, with `source="contact"` and `prefix="con"`, of the row it points at."""

    def __init__(self, *, prefix: str | None = None, **options: Any) -> None:
        options.setdefault("read_only", True)
        super().__init__(**options)
        self.prefix = prefix

    def get_attribute(self, instance: Any) -> Any:
        if self.prefix is None:
            return instance.public_id
        key = getattr(instance, f"{self.source}_id")
        return None if key is None else ids.encode(self.prefix, key)

    def to_representation(self, value: Any) -> str:
        return value


class IdInput(serializers.CharField):
    """A row of this workspace by its id; unknown and foreign ids are refused alike, naming the field."""

    default_error_messages = {"unknown": "There is no such {what} in this workspace."}

    def __init__(self, *, rows: str, prefix: str, what: str, **options: Any) -> None:
        super().__init__(**options)
        self.rows, self.prefix, self.what = rows, prefix, what

    def to_internal_value(self, data: Any) -> Any:
        text = super().to_internal_value(data)
        try:
            key = ids.decode(self.prefix, text)
        except ids.BadId:
            self.fail("unknown", what=self.what)
        found: QuerySet[Any] = getattr(self.context["workspace"], self.rows).filter(pk=key)
        row = found.first()
        if row is None:
            self.fail("unknown", what=self.what)
        return row


@extend_schema_field(MONEY)
class MoneyField(serializers.Field):
    """`{"amount": 50000, "currency": "USD"}` in minor units."""

    default_error_messages = {
        "shape": 'Give money as {{"amount": 50000, "currency": "USD"}}, in minor units.',
        "negative": "This must not be negative.",
    }

    def to_internal_value(self, data: Any) -> Money:
        if not isinstance(data, dict) or set(data) != {"amount", "currency"}:
            self.fail("shape")
        amount, currency = data["amount"], data["currency"]
        if isinstance(amount, bool) or not isinstance(amount, int) or not isinstance(currency, str):
            self.fail("shape")
        if abs(amount) >= 2**53:
            self.fail("shape")
        if amount < 0:
            self.fail("negative")
        try:
            return Money(amount, currency)
        except MoneyError as error:
            raise serializers.ValidationError(str(error)) from error

    def to_representation(self, value: Money) -> dict[str, Any]:
        return {"amount": value.amount, "currency": value.currency}


@extend_schema_field(MONEY)
class MoneyOf(serializers.Field):
    """Two columns, `<name>_minor` and a currency, as money; null where the amount is."""

    def __init__(self, *, amount: str, currency: str = "currency", **options: Any) -> None:
        super().__init__(read_only=True, source="*", **options)
        self.amount, self.currency = amount, currency

    def to_representation(self, row: Any) -> dict[str, Any] | None:
        amount = getattr(row, self.amount)
        return None if amount is None else {"amount": amount, "currency": getattr(row, self.currency)}
