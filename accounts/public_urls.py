"""Pages for people without a login."""

from django.urls import path

from accounts.mail import views

urlpatterns = [
    path("p/<str:token>", views.PreferencesView.as_view(), name="preferences"),
    path("mailbox/", views.mailbox_list, name="mailbox"),
    path("mailbox/<str:key>", views.mailbox_mail, name="mailbox-mail"),
]
