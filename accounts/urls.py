"""Pages of the dashboard, below /app/<workspace>/."""

from django.urls import include, path

from accounts.customers import change_views
from accounts.customers import views as customers
from accounts.mail import outbox_views as outbox
from accounts.settings import mail_views
from accounts.settings import views as settings

urlpatterns = [
    path("customers/people", customers.ContactList.as_view(), name="contact-list"),
    path("customers/companies", customers.CompanyList.as_view(), name="company-list"),
    path("customers/people/<str:public_id>/edit", change_views.EditContact.as_view(), name="contact-edit"),
    path("customers/companies/<str:public_id>/edit", change_views.EditCompany.as_view(), name="company-edit"),
    path("customers/<str:kind>/<str:public_id>/holds", change_views.PlaceHold.as_view(), name="hold-place"),
    path("customers/<str:kind>/<str:public_id>/outcomes", change_views.AddOutcome.as_view(), name="outcome-add"),
    path("customers/holds/<str:hold_id>/lift", change_views.LiftHold.as_view(), name="hold-lift"),
    path("imports/", include("accounts.imports.urls")),
    path("outbox/", outbox.OutboxView.as_view(), name="outbox"),
    path("outbox/<str:message_id>/arrived", outbox.MessageArrived.as_view(), name="message-arrived"),
    path("outbox/<str:message_id>/again", outbox.SendMessageAgain.as_view(), name="message-again"),
    path("settings/", settings.SettingsHome.as_view(), name="settings"),
    path("settings/workspace", settings.WorkspaceSettings.as_view(), name="settings-workspace"),
    path("settings/team", settings.Team.as_view(), name="settings-team"),
    path("settings/team/<str:member_id>/deactivate", settings.DeactivateMember.as_view(), name="member-deactivate"),
    path(
        "settings/invitations/<str:invitation_id>/revoke",
        settings.RevokeInvitation.as_view(),
        name="invitation-revoke",
    ),
    path("settings/mail", mail_views.MailSettings.as_view(), name="settings-mail"),
    path("settings/mail/test", mail_views.MailTest.as_view(), name="settings-mail-test"),
    path("settings/mail/records", mail_views.MailRecords.as_view(), name="settings-mail-records"),
    path("settings/keys", settings.ApiKeys.as_view(), name="settings-keys"),
    path("settings/keys/<str:key_id>/revoke", settings.RevokeKey.as_view(), name="key-revoke"),
]
