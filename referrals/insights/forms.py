"""The goals of a week, as they are typed in."""

from typing import Any

from django import forms

from accounts.tenancy import money
from accounts.tenancy.money import Money
from referrals.insights.models import WeekGoals


class GoalsForm(forms.Form):
    """Empty: no goal."""

    promise_percent = forms.IntegerField(
        label="Asked within 24 hours, in %", required=False, min_value=1, max_value=100
    )
    asks = forms.IntegerField(label="Asks", required=False, min_value=1, max_value=100_000)
    calls = forms.IntegerField(label="Calls booked", required=False, min_value=1, max_value=100_000)
    pipeline = forms.DecimalField(required=False, min_value=1, max_value=10**12)
    won = forms.IntegerField(label="Won", required=False, min_value=1, max_value=100_000)
    thanked_percent = forms.IntegerField(
        label="Thanked within a working day, in %", required=False, min_value=1, max_value=100
    )

    def __init__(self, *args: Any, goals: WeekGoals, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency, field = currency, self.fields["pipeline"]
        field.label = f"New pipeline, in {currency}"
        for name in ("promise_percent", "asks", "calls", "won", "thanked_percent"):
            self.fields[name].initial = getattr(goals, name)
        if goals.pipeline_minor is not None:
            field.initial = f"{Money(goals.pipeline_minor, currency).to_decimal():f}"

    def clean_pipeline(self) -> int | None:
        value = self.cleaned_data["pipeline"]
        try:
            return None if value is None else money.from_decimal(value, self.currency).amount
        except money.MoneyError as error:
            raise forms.ValidationError(str(error)) from error

    def goals(self) -> dict[str, int | None]:
        """What `set_goals` takes."""
        data = dict(self.cleaned_data)
        return data | {"pipeline_minor": data.pop("pipeline")}
