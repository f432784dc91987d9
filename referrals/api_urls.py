"""The REST API, below /api/v1/."""

from django.urls import path

from referrals.asks import api as asks
from referrals.asks import intake_api
from referrals.links import api as links
from referrals.pipeline import api as pipeline
from referrals.programs import api as programs
from referrals.thanks import api as thanks

urlpatterns = [
    path("asks", asks.AskListView.as_view(), name="api-asks"),
    path("asks/<str:ask_id>", asks.AskView.as_view(), name="api-ask"),
    path("asks/<str:ask_id>/send", asks.AskSendView.as_view(), name="api-ask-send"),
    path("asks/<str:ask_id>/skip", asks.AskSkipView.as_view(), name="api-ask-skip"),
    path("links", links.LinksView.as_view(), name="api-links"),
    path("links/<str:link_id>", links.LinkView.as_view(), name="api-link"),
    path("programs", programs.ProgramListView.as_view(), name="api-programs"),
    path("programs/<str:program_id>", programs.ProgramView.as_view(), name="api-program"),
    path("referrals", pipeline.ReferralsView.as_view(), name="api-referrals"),
    path("referrals/<str:referral_id>", pipeline.ReferralView.as_view(), name="api-referral"),
    path("referrals/<str:referral_id>/transitions", pipeline.TransitionView.as_view(), name="api-referral-transitions"),
    path("responses", intake_api.ResponsesView.as_view(), name="api-responses"),
    path("responses/bulk", intake_api.ResponsesBulkView.as_view(), name="api-responses-bulk"),
    path("moments", intake_api.MomentsView.as_view(), name="api-moments"),
    path("thank-yous", thanks.ThankYousView.as_view(), name="api-thank-yous"),
    path("thank-yous/<str:thank_you_id>", thanks.ThankYouView.as_view(), name="api-thank-you"),
    path("thank-yous/<str:thank_you_id>/send", thanks.ThankYouSendView.as_view(), name="api-thank-you-send"),
    path("thank-yous/<str:thank_you_id>/said", thanks.ThankYouSaidView.as_view(), name="api-thank-you-said"),
    path("thank-yous/<str:thank_you_id>/skip", thanks.ThankYouSkipView.as_view(), name="api-thank-you-skip"),
]
