"""Today and the warm start, below /app/<workspace>/."""

from django.urls import path

from referrals.today import also_views, ask_views, views, warm_start_views

_ASK = "today/asks/<str:ask_id>"
_REFERRAL = "today/referrals/<str:referral_id>"
_THANK_YOU = "today/thanks/<str:thank_you_id>"
_REWARD = "today/rewards/<str:reward_id>"

urlpatterns = [
    path("", views.FrontView.as_view(), name="front"),
    path("today", views.TodayView.as_view(), name="today"),
    path(_ASK, views.AskView.as_view(), name="today-ask"),
    path(f"{_ASK}/edit", ask_views.EditAskView.as_view(), name="today-ask-edit"),
    path(f"{_ASK}/send", ask_views.SendAsk.as_view(), name="today-ask-send"),
    path(f"{_ASK}/undo", ask_views.UndoAsk.as_view(), name="today-ask-undo"),
    path(f"{_ASK}/skip", ask_views.SkipAsk.as_view(), name="today-ask-skip"),
    path(f"{_ASK}/called", ask_views.CalledAsk.as_view(), name="today-ask-called"),
    path(f"{_ASK}/own", ask_views.OwnMailbox.as_view(), name="today-ask-own"),
    path(f"{_ASK}/own/sent", ask_views.SentFromOwnMailbox.as_view(), name="today-ask-own-sent"),
    path(f"{_ASK}/answer", ask_views.AnswerAsk.as_view(), name="today-ask-answer"),
    path(f"{_ASK}/confirm", ask_views.ConfirmAsk.as_view(), name="today-ask-confirm"),
    path(_REFERRAL, also_views.ReferralView.as_view(), name="today-referral"),
    path(f"{_REFERRAL}/contacted", also_views.ContactedReferral.as_view(), name="today-referral-contacted"),
    path(_THANK_YOU, also_views.ThankYouView.as_view(), name="today-thank-you"),
    path(f"{_THANK_YOU}/send", also_views.SendThankYou.as_view(), name="today-thank-you-send"),
    path(f"{_THANK_YOU}/said", also_views.SaidThankYou.as_view(), name="today-thank-you-said"),
    path(f"{_THANK_YOU}/skip", also_views.SkipThankYou.as_view(), name="today-thank-you-skip"),
    path(_REWARD, also_views.RewardView.as_view(), name="today-reward"),
    path(f"{_REWARD}/approve", also_views.ApproveReward.as_view(), name="today-reward-approve"),
    path("today/outages/<str:outage_id>/dismiss", also_views.DismissOutage.as_view(), name="outage-dismiss"),
    path("warm-start", warm_start_views.WarmStartView.as_view(), name="warm-start"),
    path("warm-start/<str:contact_id>/ask", warm_start_views.AskFromWarmStart.as_view(), name="warm-start-ask"),
]
