"""OpenID Connect with every check the standard offers: issuer, signature, nonce, PKCE, the same subject twice."""

from typing import Any

import jwt
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from requests import RequestException

# Signed with the provider's private key; never with the secret we share, never unsigned.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
_CLOCKS_DIFFER_BY = 60  # seconds


class CheckedAdapter(OpenIDConnectOAuth2Adapter):
    """allauth trusts a token that it fetched itself; we look at its signature all the same."""

    @property
    def openid_config(self) -> dict[str, Any]:
        config: dict[str, Any] = super().openid_config
        wanted = self.get_provider().app.settings["server_url"]
        if str(config.get("issuer", "")).rstrip("/") != wanted.rstrip("/"):
            raise OAuth2Error("The provider's document names another issuer.")
        return config

    def complete_login(self, request: Any, app: Any, token: Any, **kwargs: Any) -> Any:
        if "id_token" not in kwargs["response"]:
            raise OAuth2Error("The provider sent no id_token.")
        login = super().complete_login(request, app, token, **kwargs)
        said = login.account.extra_data
        if said.get("userinfo") and said["userinfo"].get("sub") != said["id_token"]["sub"]:
            raise OAuth2Error("The provider speaks of two people.")
        return login

    def _decode_id_token(self, app: Any, id_token: str) -> dict[str, Any]:
        config = self.openid_config
        try:
            claims: dict[str, Any] = jwt.decode(
                id_token,
                key=self._key(id_token, config["jwks_uri"]),
                algorithms=ALGORITHMS,
                issuer=config["issuer"],
                audience=app.client_id,
                leeway=_CLOCKS_DIFFER_BY,
                options={"require": ["exp", "iat", "iss", "aud", "sub"]},
            )
        except (jwt.PyJWTError, RequestException, KeyError, ValueError) as error:
            raise OAuth2Error(f"The id_token is not right: {error}") from error
        return claims

    def _key(self, id_token: str, keys_url: str) -> Any:
        wanted = jwt.get_unverified_header(id_token).get("kid")
        with get_adapter().get_requests_session() as session:
            answer = session.get(keys_url)
        answer.raise_for_status()
        keys = jwt.PyJWKSet.from_dict(answer.json()).keys
        fitting = [key for key in keys if wanted in (None, key.key_id)]
        if not fitting:
            raise OAuth2Error(f"The provider has no key called {wanted}.")
        return fitting[0].key


class CheckedProvider(OpenIDConnectProvider):
    """Asks by the checks above. Between two steps of a sign-in it is known by the workspace, whose client id may be
    that of another workspace too."""

    oauth2_adapter_class = CheckedAdapter

    def serialize(self) -> dict[str, str]:
        return {"id": self.app.provider_id}
