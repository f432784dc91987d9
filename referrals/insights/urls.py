"""Below /app/<workspace>/insights/."""

from django.urls import path

from referrals.insights import views

urlpatterns = [
    path("week", views.WeekView.as_view(), name="week"),
    path("week/goals", views.SetGoals.as_view(), name="week-goals"),
    path("week/<slug:figure>", views.WeekRows.as_view(), name="week-rows"),
]
