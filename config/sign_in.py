"""The addresses of signing in that we support; accounts are made by an owner, an invitation, or by signing up.

allauth looks up further names on its way; those lead to the sign-in page, or to the page about one's own sign-in.
"""

from allauth.account import views
from allauth.socialaccount import views as social
from allauth.socialaccount.providers.saml import views as saml
from django.urls import include, path, re_path, reverse_lazy
from django.views.generic import RedirectView

from accounts.signin import saml_views
from accounts.signin import views as signin

_to_sign_in = RedirectView.as_view(url=reverse_lazy("account_login"))
_to_own_sign_in = RedirectView.as_view(url=reverse_lazy("mfa_index"))

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("login/code/", views.request_login_code, name="account_request_login_code"),
    path("login/code/confirm/", views.confirm_login_code, name="account_confirm_login_code"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("confirm-email/", views.email_verification_sent, name="account_email_verification_sent"),
    re_path(r"^confirm-email/(?P<key>[-:\w]+)/$", views.confirm_email, name="account_confirm_email"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/set/", views.password_set, name="account_set_password"),
    path("password/reset/", views.password_reset, name="account_reset_password"),
    path("password/reset/done/", views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("password/reset/key/done/", views.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("email/", _to_own_sign_in, name="account_email"),
    path("signup/", signin.sign_up, name="account_signup"),
    path("second-factor/", include("allauth.mfa.urls")),
    path("sessions/", signin.Sessions.as_view(), name="usersessions_list"),
    path("sessions/<int:session_id>/end/", signin.EndSession.as_view(), name="session-end"),
    path("go-on/", signin.GoOn.as_view(), name="go-on"),
    path("wanted/<slug:slug>/second-factor/", signin.SecondFactorWanted.as_view(), name="second-factor-wanted"),
    path("wanted/<slug:slug>/sso/", signin.SignOnWanted.as_view(), name="sign-on-wanted"),
    path("sso/", signin.SignOnStart.as_view(), name="sign-on"),
    path("sso/leaving/", signin.sign_on_leaving, name="sign-on-leaving"),
    path("sso/go/", signin.sign_on_go, name="sign-on-go"),
    path("sso/cancelled/", social.login_cancelled, name="socialaccount_login_cancelled"),
    path("sso/connections/", _to_own_sign_in, name="socialaccount_connections"),
    path("oidc/<str:provider_id>/login/callback/", signin.oidc_callback, name="openid_connect_callback"),
    path("saml/<str:organization_slug>/acs/", saml_views.acs, name="saml_acs"),
    path("saml/<str:organization_slug>/acs/finish/", saml.finish_acs, name="saml_finish_acs"),
    path("saml/<str:organization_slug>/sls/", _to_sign_in, name="saml_sls"),
    path("saml/<str:organization_slug>/metadata/", saml_views.metadata, name="saml_metadata"),
]
