"""The addresses of signing in that we support; accounts are made by an owner or an invitation.

allauth looks up further names on its way; those lead to the sign-in page.
"""

from allauth.account import views
from django.urls import path, re_path, reverse_lazy
from django.views.generic import RedirectView

_to_sign_in = RedirectView.as_view(url=reverse_lazy("account_login"))

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("confirm-email/", views.email_verification_sent, name="account_email_verification_sent"),
    re_path(r"^confirm-email/(?P<key>[-:\w]+)/$", views.confirm_email, name="account_confirm_email"),
    path("password/reset/", views.password_reset, name="account_reset_password"),
    path("password/reset/done/", views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/", views.password_reset_from_key_done, name="account_reset_password_from_key_done"
    ),
    path("email/", _to_sign_in, name="account_email"),
    path("signup/", _to_sign_in, name="account_signup"),
]
