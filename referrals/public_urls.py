"""Pages for people without a login."""

from django.urls import path

from referrals.advocate import views as advocate
from referrals.asks import survey_views
from referrals.landing import views as landing

urlpatterns = [
    path("s/<str:token>", survey_views.ScoreView.as_view(), name="survey-score"),
    path("s/<str:token>/more", survey_views.MoreView.as_view(), name="survey-more"),
    path("s/<str:token>/thanks", survey_views.ThanksView.as_view(), name="survey-thanks"),
    path("r/<str:code>", landing.landing, name="landing"),
    path("r/<str:code>/thanks/<str:token>", landing.thanks, name="landing-thanks"),
    path("a/<str:token>", advocate.page, name="advocate"),
    path("a/<str:token>/qr.svg", advocate.qr, name="advocate-qr"),
    path("a/<str:token>/preview", landing.preview, name="advocate-preview"),
]
