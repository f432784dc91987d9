"""The REST API, below /api/v1/."""

from django.urls import path

from accounts.api import api as core

urlpatterns = [
    path("me", core.MeView.as_view(), name="api-me"),
    path("events", core.EventListView.as_view(), name="api-events"),
    path("events/<str:event_id>", core.EventView.as_view(), name="api-event"),
]
