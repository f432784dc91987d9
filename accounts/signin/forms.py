"""What is typed at the door."""

from typing import Any

from allauth.account.forms import LoginForm
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa import app_settings as mfa_settings
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from django import forms
from django.core.cache import cache
from django.http import HttpRequest, HttpResponseBase

from accounts.signin import leaving, queries
from accounts.signin.models import SignOn


class SignInForm(LoginForm):  # type: ignore[misc]  # allauth is untyped
    """An address and a password; with the address alone, people of a company go to its own sign-in."""

    sign_on: SignOn | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "E-mail"
        self.fields["password"].required = False

    def _clean_without_password(self, email: str | None, phone: str | None) -> dict[str, Any]:
        self.sign_on = queries.sign_on_for(email or "")
        if self.sign_on is None:
            self.add_error("password", "Type your password, or let us mail you a code.")
        return dict(self.cleaned_data)

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponseBase:
        if self.sign_on is not None:
            raise ImmediateHttpResponse(leaving.begin(request, self.sign_on, redirect_url))
        return super().login(request, redirect_url=redirect_url)


class SignOnForm(forms.Form):
    """The address by which the company is found."""

    email = forms.EmailField(label="Your e-mail at work", widget=forms.EmailInput(attrs={"autocomplete": "email"}))

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        self.sign_on = queries.sign_on_for(email)
        if self.sign_on is None:
            raise forms.ValidationError(
                "Your company has no sign-in of its own here. Use your password, or let us mail you a code."
            )
        return email


class _OnceOnly:
    """A code is good for its own half minute and the two beside it, and in all of them only once."""

    authenticator: Authenticator

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]  # mixed into a form with a code
        if self.authenticator.type == Authenticator.Type.TOTP:
            kept_for = mfa_settings.TOTP_PERIOD * (2 * mfa_settings.TOTP_TOLERANCE + 1)
            cache.touch(self.authenticator.wrap()._get_used_cache_key(code), kept_for)
        return code


class CodeForm(_OnceOnly, AuthenticateForm):  # type: ignore[misc]  # allauth is untyped
    """The second step of signing in."""


class CodeAgainForm(_OnceOnly, ReauthenticateForm):  # type: ignore[misc]  # the same
    """The same, asked before something that matters."""
