"""How a body names a person or a company: `{"id"}`, `{"external_id"}` or `{"email"}` / `{"domain"}`."""

from typing import Any

from rest_framework import serializers

from accounts.api.fields import StrictSerializer
from accounts.customers.models import Contact
from accounts.customers.validity import (
    check_attributes,
    check_country,
    check_domain,
    check_email,
    check_timezone,
)


def text(length: int) -> Any:
    """An optional text of at most `length` characters; null empties it."""
    return serializers.CharField(required=False, allow_blank=True, allow_null=True, max_length=length)


class AttributesField(serializers.JSONField):
    """A JSON object of our user's own facts."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, validators=[check_attributes], **options)


class CompanyReference(StrictSerializer):
    """A company: known by its id, external_id or domain; unknown by the last two it is created."""

    id = serializers.CharField(required=False, max_length=64)
    external_id = serializers.CharField(required=False, max_length=200)
    domain = serializers.CharField(required=False, max_length=253, validators=[check_domain])
    name = serializers.CharField(required=False, max_length=200)

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        return _named(data, "id", "external_id", "domain")


class PersonFields(StrictSerializer):
    """What one may say about a person, whoever they are."""

    external_id = serializers.CharField(required=False, max_length=200)
    email = serializers.CharField(
        required=False, allow_blank=True, allow_null=True, max_length=254, validators=[check_email]
    )
    first_name = text(120)
    last_name = text(120)
    title = text(200)
    seniority = serializers.ChoiceField(choices=Contact.Seniority.choices, required=False)
    phone = text(40)
    linkedin_url = serializers.URLField(required=False, allow_blank=True, allow_null=True, max_length=200)
    locale = text(12)
    timezone = serializers.CharField(
        required=False, allow_blank=True, allow_null=True, max_length=64, validators=[check_timezone]
    )
    country = serializers.CharField(
        required=False, allow_blank=True, allow_null=True, max_length=2, validators=[check_country]
    )
    company = CompanyReference(required=False, allow_null=True)
    preferred_reward = text(24)
    attributes = AttributesField()


class ContactReference(PersonFields):
    """A person: known by their id, external_id or email; unknown by the last two they are created."""

    id = serializers.CharField(required=False, max_length=64)

    def run_validation(self, data: Any = serializers.empty) -> Any:
        """Most callers give the id alone: then the other fields need not be made for every request."""
        if isinstance(data, dict) and data.keys() == {"id"}:
            try:
                return {"id": _ID.run_validation(data["id"])}
            except serializers.ValidationError as error:
                raise serializers.ValidationError({"id": error.detail}) from error
        return super().run_validation(data)

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        return _named(data, "id", "external_id", "email")


_ID = serializers.CharField(max_length=64)


def _named(data: dict[str, Any], *keys: str) -> dict[str, Any]:
    if not any(data.get(key) for key in keys):
        raise serializers.ValidationError({keys[0]: [f"Give one of {', '.join(keys)}."]}, code="required")
    return data
