"""What a SAML provider sends us, and what it may know of us."""

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.saml import views as allauth_views
from allauth.socialaccount.providers.saml.utils import build_saml_config
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe
from onelogin.saml2.settings import OneLogin_Saml2_Settings

# Kept in a session until its owner comes back with the cookie, so not as long as anybody likes.
LARGEST_ANSWER = 200_000


@csrf_exempt
@require_POST
def acs(request: HttpRequest, organization_slug: str) -> HttpResponseBase:
    """`saml/<id>/acs/`: the provider's signed answer, by way of the browser. It is judged on the next page."""
    if len(request.body) > LARGEST_ANSWER:
        return HttpResponse("This answer is too large.", status=413, content_type="text/plain")
    response: HttpResponseBase = allauth_views.acs(request, organization_slug)
    return response


@require_safe
def metadata(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """`saml/<id>/metadata/`: who we are and where answers go. Signing out there does not sign out here."""
    try:
        app = get_adapter(request).get_app(request, provider="saml", client_id=organization_slug)
    except SocialApp.DoesNotExist as error:
        raise Http404 from error
    config = build_saml_config(request, app.settings, organization_slug)
    del config["sp"]["singleLogoutService"]
    document = OneLogin_Saml2_Settings(settings=config, sp_validation_only=True).get_sp_metadata()
    return HttpResponse(document, content_type="application/samlmetadata+xml")
