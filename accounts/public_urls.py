"""Pages for people without a login."""

from django.urls import URLPattern, path

from accounts.tenancy import brand

urlpatterns: list[URLPattern] = [path("brand/<str:digits>.css", brand.stylesheet, name="brand-css")]
