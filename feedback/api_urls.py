"""The REST API, below /api/v1/. Lists of responses and moments stand in referrals: they can also be posted to."""

from django.urls import path

from feedback.invitations import api as invitations
from feedback.moments import api as moments
from feedback.responses import api as responses
from feedback.surveys import api as surveys

urlpatterns = [
    path("surveys", surveys.SurveyListView.as_view(), name="api-surveys"),
    path("surveys/<str:survey_id>", surveys.SurveyView.as_view(), name="api-survey"),
    path(
        "surveys/<str:survey_id>/invitations",
        invitations.SurveyInvitationsView.as_view(),
        name="api-survey-invitations",
    ),
    path("invitations", invitations.InvitationListView.as_view(), name="api-invitations"),
    path("invitations/<str:invitation_id>", invitations.InvitationView.as_view(), name="api-invitation"),
    path("responses/<str:response_id>", responses.ResponseView.as_view(), name="api-response"),
    path("moments/<str:moment_id>", moments.MomentView.as_view(), name="api-moment"),
]
