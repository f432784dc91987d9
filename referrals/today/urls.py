"""Today and the warm start, below /app/<workspace>/."""

from django.urls import path

from referrals.today import views

urlpatterns = [
    path("today", views.TodayView.as_view(), name="today"),
    path("warm-start", views.TodayView.as_view(), name="warm-start"),
    path("today/asks/<str:ask_id>", views.AskView.as_view(), name="today-ask"),
]
