"""Pages for people without a login."""

from django.urls import URLPattern, path

from accounts.mail import hook_views
from accounts.mail import views as mail
from accounts.settings.invitation_views import AcceptInvitation
from accounts.tenancy import brand

urlpatterns: list[URLPattern] = [
    path("brand/<str:digits>.css", brand.stylesheet, name="brand-css"),
    path("invitation/<str:token>", AcceptInvitation.as_view(), name="member-invitation"),
    path("p/<str:token>", mail.PreferencesView.as_view(), name="preferences"),
    path("hooks/mail/<str:token>", hook_views.mail_hook, name="mail-hook"),
    path("hooks/inbound/<str:token>", hook_views.inbound_hook, name="inbound-hook"),
    path("mailbox/", mail.mailbox_list, name="mailbox"),
    path("mailbox/<str:key>", mail.mailbox_mail, name="mailbox-mail"),
]
