"""What is set by hand."""

import re
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from accounts.api.models import Scope
from accounts.members.models import Member, Role, User
from accounts.members.permissions import may_give
from accounts.tenancy import money
from accounts.tenancy.models import Workspace

_COLOUR = re.compile(r"#?([0-9a-fA-F]{6})")


class WorkspaceForm(forms.ModelForm):
    """The workspace as its customers and its team meet it."""

    approval_limit = forms.DecimalField(
        min_value=0,
        max_digits=12,
        label="One person may approve up to",
        help_text="Above this, a second member has to approve a reward. In the currency above.",
    )
    imprint_url = forms.URLField(label="Imprint", required=False, max_length=200, assume_scheme="https")
    privacy_url = forms.URLField(label="Privacy policy", required=False, max_length=200, assume_scheme="https")

    class Meta:
        model = Workspace
        fields = (
            "name",
            "timezone",
            "country",
            "currency",
            "weekends",
            "sender_name",
            "sender_email",
            "postal_address",
            "imprint_url",
            "privacy_url",
            "brand_color",
            "warm_start_per_day",
        )
        labels = {
            "timezone": "Time zone",
            "weekends": "On weekends and holidays",
            "sender_name": "Asks without an owner come from",
            "sender_email": "Their address",
            "brand_color": "Colour on public pages",
            "warm_start_per_day": "Old praise: people asked by hand a day",
        }
        help_texts = {
            "country": "Two letters, such as DE. Decides which holidays count.",
            "currency": "Three letters, such as EUR.",
            "postal_address": "Stands in the last line of every mail. The law asks for it.",
            "brand_color": "Such as #2747b8. Empty: ours.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limit = self.instance.approval_limit_minor
        self.fields["approval_limit"].initial = money.Money(limit, self.instance.currency).to_decimal()

    def clean_timezone(self) -> str:
        zone = self.cleaned_data["timezone"]
        if zone not in available_timezones():
            raise ValidationError("We do not know this zone. Write it like Europe/Berlin.")
        return zone

    def clean_country(self) -> str:
        country = self.cleaned_data["country"].upper()
        if country and not re.fullmatch(r"[A-Z]{2}", country):
            raise ValidationError("A country has two letters, such as DE.")
        return country

    def clean_brand_color(self) -> str:
        given = self.cleaned_data["brand_color"].strip()
        found = _COLOUR.fullmatch(given)
        if given and not found:
            raise ValidationError("Write the colour with six digits, such as #2747b8.")
        return f"#{found[1].lower()}" if found else ""

    def clean_currency(self) -> str:
        currency = self.cleaned_data["currency"].upper()
        if currency not in money.currencies():
            raise ValidationError("We do not know this currency. Use three letters, like USD or EUR.")
        return currency

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "currency" in data and data.get("approval_limit") is not None:
            try:
                data["approval_limit_minor"] = money.from_decimal(data["approval_limit"], data["currency"]).amount
            except money.MoneyError as error:
                self.add_error("approval_limit", str(error))
        return data

    def fields_given(self) -> dict[str, Any]:
        names = [*self._meta.fields, "approval_limit_minor"]  # type: ignore[misc]
        return {name: self.cleaned_data[name] for name in names}


class RoleForm(forms.Form):
    """One of the roles that this member may give."""

    role = forms.ChoiceField(choices=Role.choices)

    def __init__(self, *args: Any, by: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        given = [(role, label) for role, label in Role.choices if may_give(by, role)]
        self.fields["role"].choices = given  # type: ignore[attr-defined]  # a choice


class InviteForm(RoleForm):
    email = forms.EmailField(label="E-mail")

    field_order = ("email", "role")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].initial = Role.MANAGER


class KeyForm(forms.Form):
    name = forms.CharField(max_length=120, label="What it is for")
    scopes = forms.MultipleChoiceField(
        choices=Scope.choices, widget=forms.CheckboxSelectMultiple, label="It may", initial=[Scope.READ]
    )


class JoinForm(forms.Form):
    """Name and password of somebody new."""

    name = forms.CharField(max_length=120, label="Your name", widget=forms.TextInput(attrs={"autocomplete": "name"}))
    password = forms.CharField(
        label="A password",
        strip=False,
        help_text="At least twelve characters. Three unlikely words do well.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        validate_password(password, User(email=self.email))
        return password
