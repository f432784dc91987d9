"""Pages for people without a login."""

from django.urls import URLPattern, path

from referrals.advocate import views as advocate
from referrals.landing import views as landing

urlpatterns: list[URLPattern] = [
    path("r/<str:code>", landing.landing, name="landing"),
    path("r/<str:code>/thanks/<str:token>", landing.thanks, name="landing-thanks"),
    path("a/<str:token>", advocate.page, name="advocate"),
    path("a/<str:token>/qr.svg", advocate.qr, name="advocate-qr"),
    path("a/<str:token>/preview", landing.preview, name="advocate-preview"),
]
