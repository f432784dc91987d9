"""The journal over HTTP: read only."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.api.fields import MoneyOf, PublicId
from accounts.api.views import ListView, WorkspaceAPIView
from rewards.ledger.models import LedgerAccount, LedgerEntry


class LineOutput(serializers.Serializer):
    """Debits are positive, credits negative."""

    account = serializers.ChoiceField(choices=LedgerAccount.Code.choices, source="account.code")
    amount = MoneyOf(amount="amount_minor")


class EntryOutput(serializers.Serializer):
    id = PublicId()
    key = serializers.CharField()
    kind = serializers.ChoiceField(choices=LedgerEntry.Kind.choices)
    reward = PublicId(prefix="rwd")
    occurred_at = serializers.DateTimeField()
    memo = serializers.CharField()
    lines = LineOutput(many=True)


class BalanceOutput(serializers.Serializer):
    account = serializers.ChoiceField(choices=LedgerAccount.Code.choices, source="code")
    balance = MoneyOf(amount="balance_minor")


class BalancesOutput(serializers.Serializer):
    results = BalanceOutput(many=True)
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)


class EntriesView(ListView):
    """Every movement, newest first. Entries never change, so `updated_since` is since they were posted."""

    output = EntryOutput
    updated_field = "created_at"

    def rows(self) -> Any:
        return self.workspace.ledger_entries.prefetch_related("lines__account")


class BalancesView(WorkspaceAPIView):
    """What each account holds in each currency: a few rows, so always one page."""

    @extend_schema(responses=BalancesOutput)
    def get(self, request: Any) -> Response:
        rows = self.workspace.ledger_accounts.order_by("currency", "code")
        return Response({"results": BalanceOutput(rows, many=True).data, "next": None, "previous": None})
