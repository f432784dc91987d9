"""On the way to a company's own sign-in.

A form may only lead to addresses of ours (`form-action 'self'`), and only a form of ours may begin a sign-in. So the
form keeps the wish in the session, a page of ours follows, and from there a plain link leads away.
"""

import secrets

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from onelogin.saml2.errors import OneLogin_Saml2_Error
from requests import RequestException

from accounts.signin.models import SignOn
from accounts.tenancy.outgoing import reason

_LEAVING = "leaving"


class NotReachable(Exception):
    """The company's sign-in cannot be begun now; the message says why, for its admins."""


def begin(request: HttpRequest, sign_on: SignOn, then: str | None) -> HttpResponseBase:
    """Keep the wish, and show the page that leads away. `then`: where to go after it, an address of ours."""
    is_ours = then is not None and url_has_allowed_host_and_scheme(then, {request.get_host()}, request.is_secure())
    request.session[_LEAVING] = {
        "id": sign_on.workspace.public_id,
        "name": sign_on.name,
        "then": then if is_ours else None,
    }
    return redirect("sign-on-leaving")


def wish(request: HttpRequest) -> dict[str, str] | None:
    """The wish that `begin` kept: `id`, `name`, `then`."""
    return request.session.get(_LEAVING)


def go(request: HttpRequest) -> HttpResponseBase:
    """To the provider, once for each wish. Raises NotReachable."""
    wanted = request.session.pop(_LEAVING, None)
    if wanted is None:
        return redirect("account_login")
    nonce = secrets.token_urlsafe(24)
    provider = get_adapter(request).get_provider(request, wanted["id"])
    try:
        response: HttpResponseBase = provider.redirect(
            request, process="login", next_url=wanted["then"], nonce=nonce, **_parameters(provider.id, nonce)
        )
    except RequestException as error:
        raise NotReachable(reason(error)) from error
    except (OAuth2Error, OneLogin_Saml2_Error, KeyError, ValueError) as error:
        raise NotReachable(f"{type(error).__name__}: {error}") from error
    return response


def _parameters(kind: str, nonce: str) -> dict[str, dict[str, str]]:
    return {"auth_params": {"nonce": nonce}} if kind == "openid_connect" else {}
