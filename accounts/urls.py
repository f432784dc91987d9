"""Pages of the dashboard, below /app/<workspace>/."""

from django.urls import include, path

from accounts.archives import views as archives
from accounts.audit.views import AuditLog
from accounts.customers import change_views, duplicate_views
from accounts.customers import views as customers
from accounts.lifecycle import views as life
from accounts.lists import export_views, keeping_views
from accounts.lists import views as lists
from accounts.mail import outbox_views as outbox
from accounts.profile import views as profile
from accounts.retention.views import Retention
from accounts.search.views import Jump
from accounts.settings import mail_views, slack_views
from accounts.settings import sign_in_views as sign_in
from accounts.settings import team_views as team
from accounts.settings import views as settings
from accounts.settings import workspace_views as general
from accounts.settings.usage_views import LimitsAndUsage

urlpatterns = [
    path("customers/people", customers.ContactList.as_view(), name="contact-list"),
    path("customers/companies", customers.CompanyList.as_view(), name="company-list"),
    path("customers/duplicates", duplicate_views.Duplicates.as_view(), name="duplicates"),
    path("customers/duplicates/<slug:kind>/merge", duplicate_views.Merge.as_view(), name="duplicates-merge"),
    path("customers/duplicates/<slug:kind>/two", duplicate_views.SayTwo.as_view(), name="duplicates-two"),
    path("customers/people/<str:public_id>/edit", change_views.EditContact.as_view(), name="contact-edit"),
    path("customers/companies/<str:public_id>/edit", change_views.EditCompany.as_view(), name="company-edit"),
    path("customers/<str:kind>/<str:public_id>/holds", change_views.PlaceHold.as_view(), name="hold-place"),
    path("customers/<str:kind>/<str:public_id>/outcomes", change_views.AddOutcome.as_view(), name="outcome-add"),
    path("customers/holds/<str:hold_id>/lift", change_views.LiftHold.as_view(), name="hold-lift"),
    path("lists/<slug:list_name>/bulk", lists.DoToRows.as_view(), name="list-bulk"),
    path("lists/<slug:list_name>/export", export_views.StartExport.as_view(), name="list-export"),
    path("lists/<slug:list_name>/views", keeping_views.SaveView.as_view(), name="view-save"),
    path("views/<str:view_id>", keeping_views.ChangeView.as_view(), name="view-change"),
    path("views/<str:view_id>/default", keeping_views.FindFirst.as_view(), name="view-default"),
    path("views/<str:view_id>/delete", keeping_views.DeleteView.as_view(), name="view-delete"),
    path("notices/", include("accounts.notices.urls")),
    path("jump", Jump.as_view(), name="jump"),
    path("exports/", export_views.Exports.as_view(), name="exports"),
    path("exports/<str:export_id>/cancel", export_views.CancelExport.as_view(), name="export-cancel"),
    path("exports/<str:export_id>/file", export_views.DownloadExport.as_view(), name="export-download"),
    path("imports/", include("accounts.imports.urls")),
    path("outbox/", outbox.OutboxView.as_view(), name="outbox"),
    path("outbox/<str:message_id>/arrived", outbox.MessageArrived.as_view(), name="message-arrived"),
    path("outbox/<str:message_id>/again", outbox.SendMessageAgain.as_view(), name="message-again"),
    path("settings/", settings.SettingsHome.as_view(), name="settings"),
    path("settings/workspace", general.General.as_view(), name="settings-workspace"),
    path("settings/brand", general.Brand.as_view(), name="settings-brand"),
    path("settings/brand/readings", general.Readings.as_view(), name="settings-brand-readings"),
    path("settings/legal", general.Legal.as_view(), name="settings-legal"),
    path("settings/hours", general.Hours.as_view(), name="settings-hours"),
    path("settings/hours/days", general.AddDayOff.as_view(), name="day-off-add"),
    path("settings/hours/days/drop", general.DropDayOff.as_view(), name="day-off-drop"),
    path("settings/team", team.Team.as_view(), name="settings-team"),
    path("settings/team/<str:member_id>", team.EditMember.as_view(), name="member-edit"),
    path("settings/team/<str:member_id>/role", team.ChangeRole.as_view(), name="member-role"),
    path("settings/team/<str:member_id>/away", team.SetAway.as_view(), name="member-away"),
    path("settings/team/<str:member_id>/deactivate", team.DeactivateMember.as_view(), name="member-deactivate"),
    path("settings/team/<str:member_id>/reactivate", team.ReactivateMember.as_view(), name="member-reactivate"),
    path("settings/invitations/<str:invitation_id>/revoke", team.RevokeInvitation.as_view(), name="invitation-revoke"),
    path("settings/invitations/<str:invitation_id>/resend", team.ResendInvitation.as_view(), name="invitation-resend"),
    path("settings/sign-in", sign_in.SignInSettings.as_view(), name="settings-sign-in"),
    path("settings/sign-in/company", sign_in.SignOnSettings.as_view(), name="settings-sign-on"),
    path("settings/sign-in/company/try", sign_in.TrySignOn.as_view(), name="sign-on-try"),
    path("settings/sign-in/company/remove", sign_in.RemoveSignOn.as_view(), name="sign-on-remove"),
    path("settings/sign-in/domains", sign_in.AddDomain.as_view(), name="sign-on-domain-add"),
    path("settings/sign-in/domains/<str:domain_id>/prove", sign_in.ProveDomain.as_view(), name="sign-on-domain-prove"),
    path(
        "settings/sign-in/domains/<str:domain_id>/remove", sign_in.RemoveDomain.as_view(), name="sign-on-domain-remove"
    ),
    path("settings/audit", AuditLog.as_view(), name="audit"),
    path("settings/retention", Retention.as_view(), name="settings-retention"),
    path("settings/usage", LimitsAndUsage.as_view(), name="settings-usage"),
    path("settings/archives", archives.Archives.as_view(), name="settings-archive"),
    path("settings/archives/<str:archive_id>/cancel", archives.CancelArchive.as_view(), name="archive-cancel"),
    path("settings/archives/<str:archive_id>/download", archives.DownloadArchive.as_view(), name="archive-download"),
    path("settings/life", life.Life.as_view(), name="settings-life"),
    path("settings/life/suspend", life.Suspend.as_view(), name="workspace-suspend"),
    path("settings/life/resume", life.Resume.as_view(), name="workspace-resume"),
    path("settings/life/close", life.Close.as_view(), name="workspace-close"),
    path("settings/life/call-back", life.CallBack.as_view(), name="workspace-call-back"),
    path("resting", life.Resting.as_view(), name="resting"),
    path("you", profile.You.as_view(), name="you"),
    path("you/away", profile.Away.as_view(), name="you-away"),
    path("settings/mail", mail_views.MailSettings.as_view(), name="settings-mail"),
    path("settings/mail/test", mail_views.MailTest.as_view(), name="settings-mail-test"),
    path("settings/mail/records", mail_views.MailRecords.as_view(), name="settings-mail-records"),
    path("settings/slack", slack_views.SlackSettings.as_view(), name="settings-slack"),
    path("settings/slack/test", slack_views.SlackTest.as_view(), name="settings-slack-test"),
    path("settings/slack/remove", slack_views.RemoveSlack.as_view(), name="settings-slack-remove"),
    path("settings/keys", settings.ApiKeys.as_view(), name="settings-keys"),
    path("settings/keys/<str:key_id>/revoke", settings.RevokeKey.as_view(), name="key-revoke"),
]
