"""The REST API, below /api/v1/."""

from django.urls import path

from referrals.asks import intake_api

urlpatterns = [
    path("responses", intake_api.ResponsesView.as_view(), name="api-responses"),
    path("responses/bulk", intake_api.ResponsesBulkView.as_view(), name="api-responses-bulk"),
    path("moments", intake_api.MomentsView.as_view(), name="api-moments"),
]
