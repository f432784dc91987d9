"""The REST API, below /api/v1/."""

from django.urls import path

from rewards.grants import api as grants
from rewards.ledger import api as ledger
from rewards.rules import api as rules

urlpatterns = [
    path("reward-rules", rules.RulesView.as_view(), name="api-reward-rules"),
    path("reward-rules/<str:rule_id>", rules.RuleView.as_view(), name="api-reward-rule"),
    path("rewards", grants.RewardsView.as_view(), name="api-rewards"),
    path("rewards/<str:reward_id>", grants.RewardView.as_view(), name="api-reward"),
    path("rewards/<str:reward_id>/approve", grants.ApproveView.as_view(), name="api-reward-approve"),
    path("rewards/<str:reward_id>/cancel", grants.CancelView.as_view(), name="api-reward-cancel"),
    path("rewards/<str:reward_id>/fulfil", grants.FulfilView.as_view(), name="api-reward-fulfil"),
    path("ledger/entries", ledger.EntriesView.as_view(), name="api-ledger-entries"),
    path("ledger/balances", ledger.BalancesView.as_view(), name="api-ledger-balances"),
]
