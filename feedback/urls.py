"""Pages of the dashboard, below /app/<workspace>/."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
