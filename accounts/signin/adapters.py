"""What allauth asks us: which providers there are, whom they may let in, how the keys of second factors are kept."""

import logging
import secrets
import time
from typing import Any

from allauth.account.app_settings import REAUTHENTICATION_TIMEOUT
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from django.http import HttpRequest
from django.shortcuts import render
from django.utils import timezone

from accounts.mail.adapter import AccountAdapter
from accounts.signin import queries
from accounts.signin.admitting import admit
from accounts.signin.errors import NotAdmitted
from accounts.signin.models import SignOn
from accounts.signin.oidc import CheckedProvider
from accounts.signin.records import last_proof_at
from accounts.tenancy import outgoing
from accounts.tenancy import secrets as sealed

logger = logging.getLogger(__name__)

_PROVIDERS = {SignOn.Kind.OIDC: "openid_connect", SignOn.Kind.SAML: "saml"}
# A house may call its server by one word; the signature is what counts, and is always wanted.
SAML_RULES = {"allow_single_label_domains": True, "reject_idp_initiated_sso": True}
_AUTH0_VERIFIED = "http://schemas.auth0.com/email_verified"


class SignInAdapter(AccountAdapter):
    """Whoever has just signed in is not asked again a minute later."""

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        return time.time() - last_proof_at(self.request) > REAUTHENTICATION_TIMEOUT


class SignOnAdapter(DefaultSocialAccountAdapter):
    """Providers are rows of workspaces. No account of a provider is stored: every sign-in is matched by its address."""

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        # OpenID Connect names us by the provider, SAML by what allauth calls the client id.
        found = queries.sign_on_of((client_id if provider == "saml" else provider) or "")
        if found is None or (provider == "saml" and found[0].kind != SignOn.Kind.SAML):
            return []
        return [_app(*found)]

    def get_provider(self, request: HttpRequest, provider: str, client_id: str | None = None) -> Any:
        found = super().get_provider(request, provider, client_id)
        return CheckedProvider(request, app=found.app) if isinstance(found, OpenIDConnectProvider) else found

    def get_requests_session(self) -> outgoing.OutgoingSession:
        return outgoing.session()

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        try:
            _admit(sociallogin)
        except NotAdmitted as refusal:
            page = render(request, "signin/not_admitted.html", {"reason": refusal.detail}, status=refusal.status)
            raise ImmediateHttpResponse(page) from refusal

    def on_authentication_error(
        self, request: Any, provider: Any, error: Any = None, exception: Any = None, extra_context: Any = None
    ) -> None:
        logger.warning("Single sign-on %s failed: %s %s", provider.app.provider_id, error, exception or "")


def _app(sign_on: SignOn, domains: list[str]) -> SocialApp:
    provider_id = sign_on.workspace.public_id
    if sign_on.kind == SignOn.Kind.SAML:
        idp = {"entity_id": sign_on.entity_id, "sso_url": sign_on.sso_url, "x509cert": sign_on.certificate}
        return SocialApp(
            provider="saml",
            provider_id=provider_id,
            client_id=provider_id,
            name=sign_on.name,
            settings={"idp": idp, "advanced": SAML_RULES},
        )
    return SocialApp(
        provider="openid_connect",
        provider_id=provider_id,
        name=sign_on.name,
        client_id=sign_on.client_id,
        secret=sealed.decrypt(sign_on.client_secret) if sign_on.client_secret else "",
        settings={"server_url": sign_on.issuer, "oauth_pkce_enabled": True, "verified_email": domains},
    )


def _admit(sociallogin: Any) -> None:
    """Raises NotAdmitted."""
    said = sociallogin.account.extra_data
    found = queries.sign_on_of(sociallogin.account.provider)
    if found is None:
        raise NotAdmitted("This single sign-on is closed.")
    sign_on, _domains = found
    if sign_on.kind == SignOn.Kind.OIDC and not _is_our_question(sociallogin.state, said):
        raise NotAdmitted("This answer does not belong to our question. Begin again at the sign-in page.")
    if _is_unproven(said):
        raise NotAdmitted(f"{sign_on.name} says that it has not verified your address.")
    user = sociallogin.user
    name = " ".join(part for part in (user.first_name, user.last_name) if part)
    sociallogin.user = admit(sign_on=sign_on, email=user.email, name=name, now=timezone.now())


def _is_our_question(state: dict[str, Any], said: dict[str, Any]) -> bool:
    asked, answered = state.get("nonce"), said.get("id_token", {}).get("nonce")
    return bool(asked and answered) and secrets.compare_digest(str(asked), str(answered))


def _is_unproven(said: dict[str, Any]) -> bool:
    """Whether the provider itself doubts the address. Many say nothing about it, which is no doubt."""
    claims = [said.get(part, {}).get("email_verified") for part in ("userinfo", "id_token")]
    claims += said.get(_AUTH0_VERIFIED, [])
    return any(str(claim).lower() == "false" for claim in claims if claim is not None)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Keys of authenticator apps are sealed; words are ours."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "This code does not fit. They change every thirty seconds; type the one shown now.",
        "unverified_email": "First open the link in the mail we sent you, then set up a second factor.",
    }

    def encrypt(self, text: str) -> str:
        return sealed.encrypt(text).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return sealed.decrypt(encrypted_text.encode())

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": "Goodword"}

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002 -- allauth's own name
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return "Passkey" if number == 1 else f"Passkey {number}"
