"""Records, and the feedback page with how well the promise was kept; below /app/<workspace>/."""

from django.urls import path

from referrals.records import note_views, views
from referrals.records.feedback_views import FeedbackWithPromise

urlpatterns = [
    path("feedback/", FeedbackWithPromise.as_view(), name="feedback"),
    path("feedback/answers/<str:response_id>", views.ResponseRecord.as_view(), name="response-record"),
    path("customers/people/<str:contact_id>", views.ContactRecord.as_view(), name="contact-record"),
    path("customers/people/<str:contact_id>/confirm-name", views.ConfirmName.as_view(), name="contact-confirm-name"),
    path("customers/companies/<str:company_id>", views.CompanyRecord.as_view(), name="company-record"),
    path("notes/on/<str:kind>/<str:public_id>", note_views.WriteNote.as_view(), name="note-write"),
    path("notes/<str:note_id>", note_views.ChangeNote.as_view(), name="note-change"),
    path("notes/<str:note_id>/delete", note_views.TakeBackNote.as_view(), name="note-delete"),
    path("asks/<str:ask_id>", views.AskRecord.as_view(), name="ask-record"),
    path("referrals/<str:referral_id>", views.ReferralRecord.as_view(), name="referral-record"),
    path("rewards/<str:reward_id>", views.RewardRecord.as_view(), name="reward-record"),
]
