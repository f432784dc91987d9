"""Pages of the dashboard, below /app/<workspace>/."""

from django.urls import path

from rewards.grants import views as grants
from rewards.rules import views as rules

urlpatterns = [
    path("rewards/", grants.RewardList.as_view(), name="reward-list"),
    path("rewards/<str:reward_id>/approve", grants.ApproveReward.as_view(), name="reward-approve"),
    path("rewards/<str:reward_id>/cancel", grants.CancelReward.as_view(), name="reward-cancel"),
    path("rewards/<str:reward_id>/fulfil", grants.FulfilReward.as_view(), name="reward-fulfil"),
    path("settings/rewards", rules.RewardRules.as_view(), name="reward-rules"),
    path("settings/rewards/<str:rule_id>/retire", rules.RetireRule.as_view(), name="reward-rule-retire"),
]
