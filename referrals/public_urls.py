"""Pages for people without a login."""

from django.urls import path

from referrals.asks import survey_views

urlpatterns = [
    path("s/<str:token>", survey_views.ScoreView.as_view(), name="survey-score"),
    path("s/<str:token>/more", survey_views.MoreView.as_view(), name="survey-more"),
    path("s/<str:token>/thanks", survey_views.ThanksView.as_view(), name="survey-thanks"),
]
