"""A promise, as a person writes it."""

from decimal import Decimal
from typing import Any

from django import forms

from accounts.tenancy import money
from accounts.tenancy.errors import InvalidInput
from accounts.tenancy.money import Money
from rewards.rules.models import RewardKind, RewardRule
from rewards.rules.sentences import sentence


class RuleForm(forms.Form):
    """For whom, on what, what and how much. `sentence` is set once the rule can be said in one."""

    side = forms.ChoiceField(choices=RewardRule.Side.choices, label="For whom")
    trigger = forms.ChoiceField(choices=RewardRule.Trigger.choices, label="When", initial=RewardRule.Trigger.WON)
    kind = forms.ChoiceField(choices=RewardKind.choices, label="What", initial=RewardKind.THANKS)
    amount = forms.DecimalField(
        required=False, min_value=0, max_digits=12, label="How much", help_text="Only for money."
    )
    currency = forms.CharField(min_length=3, max_length=3)
    hold_days = forms.IntegerField(
        min_value=0, max_value=365, initial=30, label="Days to wait", help_text="Before money is approved."
    )

    sentence: str = ""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors:
            return data
        try:
            data["amount"] = money.from_decimal(data["amount"] or Decimal(0), data["currency"].upper())
            self.sentence = sentence(self._rule(data, data["amount"]))
        except money.UnknownCurrency as error:
            self.add_error("currency", str(error))
        except money.MoneyError as error:
            self.add_error("amount", str(error))
        except InvalidInput as error:
            self.add_error(error.field if error.field in self.fields else None, error.detail)
        return data

    def terms(self) -> dict[str, Any]:
        """What `rules.create` takes."""
        return {name: self.cleaned_data[name] for name in ("side", "trigger", "kind", "amount", "hold_days")}

    @staticmethod
    def _rule(data: dict[str, Any], amount: Money) -> RewardRule:
        return RewardRule(
            side=data["side"],
            trigger=data["trigger"],
            kind=data["kind"],
            amount_minor=amount.amount,
            currency=amount.currency,
            hold_days=data["hold_days"],
        )
