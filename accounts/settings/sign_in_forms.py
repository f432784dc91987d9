"""How a company signs in, typed by its owner or admin."""

import re
from typing import Any

from cryptography import x509
from django import forms
from django.core.exceptions import ValidationError

from accounts.members.models import Role
from accounts.signin.models import SignOn
from accounts.tenancy.models import Workspace

_PEM = "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n"


class RulesForm(forms.Form):
    """Who needs what before the workspace opens."""

    second_factor_roles = forms.MultipleChoiceField(
        choices=Role.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        label="These roles need a second factor",
    )
    sign_on_required = forms.BooleanField(
        required=False,
        label="Members of our domains come by single sign-on only",
        help_text="Owners keep their password and second factor as a way in when it fails.",
    )
    team_only_figures = forms.BooleanField(
        required=False,
        label="Show figures of the team only",
        help_text="Nobody sees how one member did. Some works councils ask for it.",
    )

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        names = ("second_factor_roles", "sign_on_required", "team_only_figures")
        initial = {name: getattr(workspace, name) for name in names}
        super().__init__(*args, **kwargs, initial=initial)  # type: ignore[misc]  # nobody gives it twice


class OidcForm(forms.ModelForm):
    """An OpenID Connect provider: Entra ID, Okta, Google Workspace, Keycloak."""

    issuer = forms.URLField(
        label="Issuer",
        max_length=300,
        assume_scheme="https",
        help_text="Such as https://login.example.com. We look for /.well-known/openid-configuration below it.",
    )
    client_secret = forms.CharField(
        label="Client secret",
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text="Kept sealed and never shown again. Empty: the one we have.",
    )

    class Meta:
        model = SignOn
        fields = ("name", "issuer", "client_id")
        labels = {"name": "What your people call it", "client_id": "Client ID"}
        help_texts = {"name": "Such as Okta, or Acme account."}

    field_order = ("name", "issuer", "client_id", "client_secret")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["client_id"].required = True

    def clean_issuer(self) -> str:
        return str(self.cleaned_data["issuer"]).removesuffix("/.well-known/openid-configuration").rstrip("/")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("client_secret") and not self.instance.client_secret:
            self.add_error("client_secret", "Your provider shows it beside the client ID.")
        return data

    def fields_given(self) -> dict[str, Any]:
        return {"kind": SignOn.Kind.OIDC, **self.cleaned_data}


class SamlForm(forms.ModelForm):
    """A SAML provider: by the address of its metadata, or by its three facts."""

    metadata_url = forms.URLField(
        label="Address of the provider's metadata",
        required=False,
        max_length=300,
        assume_scheme="https",
        help_text="We read the fields below from it once, when you save.",
    )

    sso_url = forms.URLField(label="Sign-in address", required=False, max_length=300, assume_scheme="https")

    class Meta:
        model = SignOn
        fields = ("name", "entity_id", "sso_url", "certificate")
        labels = {
            "name": "What your people call it",
            "entity_id": "Entity ID",
            "certificate": "Certificate",
        }
        help_texts = {
            "name": "Such as Okta, or Acme account.",
            "certificate": "The one that signs: begins with -----BEGIN CERTIFICATE-----.",
        }

    field_order = ("name", "metadata_url", "entity_id", "sso_url", "certificate")

    def clean_certificate(self) -> str:
        given = re.sub(r"-----(BEGIN|END) CERTIFICATE-----|\s", "", self.cleaned_data["certificate"])
        if not given:
            return ""
        pem = _PEM.format("\n".join(given[at : at + 64] for at in range(0, len(given), 64)))
        try:
            x509.load_pem_x509_certificate(pem.encode())
        except ValueError as error:
            raise ValidationError("This is not a certificate. Paste it whole, with its first and last line.") from error
        return pem

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("metadata_url") and "metadata_url" not in self.errors:
            for name in ("entity_id", "sso_url", "certificate"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, "We need this, or the address of the metadata above.")
        return data

    def fields_given(self) -> dict[str, Any]:
        names = ("name", "entity_id", "sso_url", "certificate")
        return {"kind": SignOn.Kind.SAML, **{name: self.cleaned_data[name] for name in names}}


class DomainForm(forms.Form):
    domain = forms.CharField(
        max_length=253, label="Domain", help_text="The part of your addresses after the @, such as acme.com."
    )
