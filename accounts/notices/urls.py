"""Below /app/<workspace>/notices/."""

from django.urls import path

from accounts.notices import views

urlpatterns = [
    path("", views.NoticeList.as_view(), name="notices"),
    path("bell", views.Bell.as_view(), name="notice-bell"),
    path("read", views.ReadAll.as_view(), name="notices-read"),
    path("choices", views.Choices.as_view(), name="notice-choices"),
    path("<str:notice_id>/open", views.OpenNotice.as_view(), name="notice-open"),
]
