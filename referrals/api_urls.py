"""The REST API, below /api/v1/."""

from django.urls import path

from referrals.asks import api as asks
from referrals.asks import intake_api
from referrals.programs import api as programs

urlpatterns = [
    path("asks", asks.AskListView.as_view(), name="api-asks"),
    path("asks/<str:ask_id>", asks.AskView.as_view(), name="api-ask"),
    path("asks/<str:ask_id>/send", asks.AskSendView.as_view(), name="api-ask-send"),
    path("asks/<str:ask_id>/skip", asks.AskSkipView.as_view(), name="api-ask-skip"),
    path("programs", programs.ProgramListView.as_view(), name="api-programs"),
    path("programs/<str:program_id>", programs.ProgramView.as_view(), name="api-program"),
    path("responses", intake_api.ResponsesView.as_view(), name="api-responses"),
    path("responses/bulk", intake_api.ResponsesBulkView.as_view(), name="api-responses-bulk"),
    path("moments", intake_api.MomentsView.as_view(), name="api-moments"),
]
