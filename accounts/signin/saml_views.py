"""What a SAML provider sends us, and what it may know of us."""

from allauth.socialaccount.providers.saml import views as allauth_views
from allauth.socialaccount.providers.saml.utils import build_saml_config
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe
from onelogin.saml2.settings import OneLogin_Saml2_Settings

from accounts.signin.adapters import SAML_RULES
from accounts.tenancy.lookup import find_or_404
from accounts.tenancy.models import Workspace

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
    # Providers want to read it before they are set up here, so it takes no more than the workspace.
    find_or_404(Workspace.objects.filter(state=Workspace.State.ACTIVE), organization_slug)
    nobody_yet = {"entity_id": "", "sso_url": "", "x509cert": ""}
    config = build_saml_config(request, {"idp": nobody_yet, "advanced": SAML_RULES}, organization_slug)
    del config["sp"]["singleLogoutService"]
    document = OneLogin_Saml2_Settings(settings=config, sp_validation_only=True).get_sp_metadata()
    return HttpResponse(document, content_type="application/samlmetadata+xml")
