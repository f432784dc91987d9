"""Pages for people without a login."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
