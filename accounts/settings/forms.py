"""Who may work here, and keys."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.api.models import Scope
from accounts.members.models import Member, Role, User
from accounts.members.permissions import may_give


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
    last_day = forms.DateField(
        required=False,
        label="Works until",
        help_text="The last day. Empty: until somebody ends it.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def clean_last_day(self) -> date | None:
        day: date | None = self.cleaned_data["last_day"]
        if day and day < timezone.localdate():
            raise ValidationError("This day is over.")
        return day

    def fields_given(self) -> dict[str, Any]:
        """What the action wants: the day as the moment it is over, in the zone of the page."""
        data, day = self.cleaned_data, self.cleaned_data["last_day"]
        zone = timezone.get_current_timezone()
        expires_at = datetime.combine(day + timedelta(days=1), time(0), zone) if day else None
        return {"name": data["name"], "scopes": data["scopes"], "expires_at": expires_at}


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
