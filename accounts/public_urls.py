"""Pages for people without a login."""

from django.urls import URLPattern, path

from accounts.mail import hook_views
from accounts.mail import views as mail
from accounts.settings.invitation_views import AcceptInvitation
from accounts.slack import hook_views as slack
from accounts.tenancy import brand, logos

urlpatterns: list[URLPattern] = [
    path("brand/<str:digits>.css", brand.stylesheet, name="brand-css"),
    path("logo/<str:workspace_id>/<str:name>", logos.serve, name="logo"),
    path("invitation/<str:token>", AcceptInvitation.as_view(), name="member-invitation"),
    path("p/<str:token>", mail.PreferencesView.as_view(), name="preferences"),
    path("hooks/mail/<str:token>", hook_views.mail_hook, name="mail-hook"),
    path("hooks/slack/<str:token>", slack.slack_hook, name="slack-hook"),
    path("mailbox/", mail.mailbox_list, name="mailbox"),
    path("mailbox/<str:key>", mail.mailbox_mail, name="mailbox-mail"),
]
