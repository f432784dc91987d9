"""Settings -> Sign-in: second factors by role, and the company's single sign-on."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from accounts.members.permissions import Permission
from accounts.members.views import OutsideView
from accounts.settings.sign_in_forms import DomainForm, OidcForm, RulesForm, SamlForm
from accounts.settings.views import SettingsView
from accounts.signin import actions, domains, leaving, metadata
from accounts.signin.errors import MetadataUnreadable
from accounts.signin.models import SignOn
from accounts.signin.queries import has_second_factor
from accounts.tenancy.errors import Refusal
from accounts.tenancy.lookup import find_or_404
from accounts.tenancy.models import Workspace
from accounts.tenancy.scope import workspace_scope

_FORMS: dict[str, type[OidcForm | SamlForm]] = {"oidc": OidcForm, "saml": SamlForm}


class SignInView(SettingsView):
    """A page or a button of Settings -> Sign-in."""

    permission: ClassVar[Permission] = Permission.SETTINGS_MANAGE

    def back(self) -> HttpResponseBase:
        return redirect("settings-sign-in", self.workspace.slug)

    def show(self, rules: RulesForm, domain: DomainForm, status: int = 200) -> HttpResponseBase:
        return self.settings_page(
            "accounts/settings/sign_in.html",
            status=status,
            form=rules,
            domain_form=domain,
            sign_on=self.workspace.sign_ons.first(),
            domains=self.workspace.sign_on_domains.order_by("domain"),
            has_second_factor=has_second_factor(self.member.user),
        )


class SignInSettings(SignInView):
    """The rules, the provider and its domains."""

    def get(self, request: Any) -> HttpResponseBase:
        return self.show(RulesForm(workspace=self.workspace), DomainForm())

    def post(self, request: Any) -> HttpResponseBase:
        form = RulesForm(request.POST, workspace=self.workspace)
        if not form.is_valid():
            return self.show(form, DomainForm(), status=422)
        try:
            actions.set_rules(workspace=self.workspace, fields=form.cleaned_data, by=self.actor, now=timezone.now())
        except Refusal as refusal:
            form.add_error(refusal.field, refusal.detail)
            return self.show(form, DomainForm(), status=422)
        messages.success(request, "Saved.")
        return self.back()


class AddDomain(SignInView):
    def post(self, request: Any) -> HttpResponseBase:
        form = DomainForm(request.POST)
        try:
            if form.is_valid():
                actions.add_domain(workspace=self.workspace, by=self.actor, now=timezone.now(), **form.cleaned_data)
                return self.back()
        except Refusal as refusal:
            form.add_error(refusal.field, refusal.detail)
        return self.show(RulesForm(workspace=self.workspace), form, status=422)


class ProveDomain(SignInView, OutsideView):
    """Look into the DNS now."""

    def ask_outside(self, request: Any, **kwargs: Any) -> Any:
        with workspace_scope(self.workspace.pk):
            domain = find_or_404(self.workspace.sign_on_domains, kwargs["domain_id"])
        return domains.records_of(domain.domain)

    def post(self, request: Any, domain_id: str) -> HttpResponseBase:
        domain = find_or_404(self.workspace.sign_on_domains, domain_id)
        try:
            actions.prove_domain(
                workspace=self.workspace, domain=domain, records=self.answer, by=self.actor, now=timezone.now()
            )
        except Refusal as refusal:
            messages.error(request, refusal.detail)
        else:
            messages.success(request, f"{domain.domain} is proven to be yours.")
        return self.back()


class RemoveDomain(SignInView):
    def post(self, request: Any, domain_id: str) -> HttpResponseBase:
        domain = find_or_404(self.workspace.sign_on_domains, domain_id)
        actions.remove_domain(workspace=self.workspace, domain=domain, by=self.actor, now=timezone.now())
        messages.success(request, f"{domain.domain} no longer comes by single sign-on.")
        return self.back()


class SignOnSettings(SignInView, OutsideView):
    """How the company's provider is reached; `?kind=saml` for the other kind."""

    fresh_sign_in: ClassVar[bool] = True

    def ask_outside(self, request: Any, **kwargs: Any) -> Any:
        """The metadata to be read, its refusal, or None where there is no address of any."""
        with workspace_scope(self.workspace.pk):
            form = self._form(self._instance(), request.POST)
        url = form.is_valid() and form.cleaned_data.get("metadata_url")
        try:
            return metadata.read(metadata.fetch(url), field="metadata_url") if url else None
        except MetadataUnreadable as refusal:
            return refusal

    def get(self, request: Any) -> HttpResponseBase:
        return self._show(self._form(self._instance()))

    def post(self, request: Any) -> HttpResponseBase:
        form = self._form(self._instance(), request.POST)
        if isinstance(self.answer, Refusal):
            form.add_error(self.answer.field, self.answer.detail)
        if not form.is_valid():
            return self._show(form, status=422)
        fields = form.fields_given()
        if isinstance(self.answer, metadata.Provider):
            read = self.answer
            fields |= {"entity_id": read.entity_id, "sso_url": read.sso_url, "certificate": read.certificate}
        actions.set_sign_on(workspace=self.workspace, fields=fields, by=self.actor, now=timezone.now())
        messages.success(request, "Saved. Now try it.")
        return self.back()

    def _kind(self) -> str:
        # A hidden field, not the address: a form that waits for a fresh sign-in keeps its fields only.
        asked = self.request.POST.get("kind") or self.request.GET.get("kind", "")
        return asked if asked in _FORMS else ""

    def _instance(self) -> SignOn:
        return self.workspace.sign_ons.first() or SignOn(workspace=self.workspace, kind=self._kind() or "oidc")

    def _form(self, instance: SignOn, data: Any = None) -> OidcForm | SamlForm:
        return _FORMS[self._kind() or instance.kind](data, instance=instance)

    def _show(self, form: OidcForm | SamlForm, status: int = 200) -> HttpResponseBase:
        kind = "saml" if isinstance(form, SamlForm) else "oidc"
        stored = self.workspace.sign_ons.first()
        kinds = [{"label": words, "url": f"?kind={key}", "current": key == kind} for key, words in SignOn.Kind.choices]
        return self.settings_page(
            "accounts/settings/sign_on.html",
            status=status,
            form=form,
            kind=kind,
            kinds=kinds,
            stored=stored,
            addresses=_our_addresses(self.workspace, kind),
        )


class RemoveSignOn(SignInView):
    def post(self, request: Any) -> HttpResponseBase:
        actions.remove_sign_on(workspace=self.workspace, by=self.actor, now=timezone.now())
        messages.success(request, "Single sign-on is off. Everybody signs in with password, code or passkey.")
        return self.back()


class TrySignOn(SignInView):
    """Come in by it yourself, and back to this page."""

    def post(self, request: Any) -> HttpResponseBase:
        sign_on = self.workspace.sign_ons.first()
        if sign_on is None:
            messages.error(request, "First say how your company signs in.")
            return self.back()
        return leaving.begin(request, sign_on, reverse("settings-sign-in", args=[self.workspace.slug]))


def _our_addresses(workspace: Workspace, kind: str) -> dict[str, str]:
    """What the provider wants to know of us, to be copied: {label: address}."""
    wanted = {
        "oidc": {"Redirect address": "openid_connect_callback"},
        "saml": {"Assertion consumer address (ACS)": "saml_acs", "Our entity ID and metadata": "saml_metadata"},
    }[kind]
    return {label: settings.BASE_URL + reverse(name, args=[workspace.public_id]) for label, name in wanted.items()}
