"""Pages of the dashboard, below /app/<workspace>/."""

from django.urls import include, path

urlpatterns = [
    path("", include("referrals.today.urls")),
]
