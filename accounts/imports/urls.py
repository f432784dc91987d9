"""Addresses of the import centre, below /app/<workspace>/imports/."""

from django.urls import path

from accounts.imports import mending_views, views

urlpatterns = [
    path("", views.ImportList.as_view(), name="import-list"),
    path("template.csv", views.ImportTemplate.as_view(), name="import-template"),
    path("<str:job_id>", views.ImportShow.as_view(), name="import-show"),
    path("<str:job_id>/progress", views.ImportProgress.as_view(), name="import-progress"),
    path("<str:job_id>/columns", views.ImportColumns.as_view(), name="import-columns"),
    path("<str:job_id>/written", views.ImportWritten.as_view(), name="import-written"),
    path("<str:job_id>/forget", views.ImportForget.as_view(), name="import-forget"),
    path("<str:job_id>/start", views.ImportStart.as_view(), name="import-start"),
    path("<str:job_id>/cancel", views.ImportCancel.as_view(), name="import-cancel"),
    path("<str:job_id>/again", views.ImportAgain.as_view(), name="import-again"),
    path("<str:job_id>/refused.csv", mending_views.ImportRefused.as_view(), name="import-refused"),
    path("<str:job_id>/mend", mending_views.ImportMend.as_view(), name="import-mend"),
]
