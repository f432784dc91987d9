"""Be Jamie, below /app/<workspace>/."""

from django.urls import path

from referrals.practice import views

urlpatterns = [
    path("practice", views.BeJamie.as_view(), name="practice"),
    path("practice/so-far", views.PlaySoFar.as_view(), name="practice-so-far"),
    path("practice/begin", views.BeginPractice.as_view(), name="practice-begin"),
    path("practice/remove", views.RemovePractice.as_view(), name="practice-remove"),
]
