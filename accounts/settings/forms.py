"""Who may work here, and keys."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password

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
