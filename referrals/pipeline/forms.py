"""Moving a referral by hand."""

from typing import Any

from django import forms

from accounts.tenancy import money
from accounts.tenancy.money import Money
from referrals.pipeline.models import Referral
from referrals.pipeline.stages import may_move

Stage = Referral.Stage

# What the button says, in the order of the story.
MOVES = {
    Stage.CONTACTED: "Contacted",
    Stage.MEETING_BOOKED: "Meeting booked",
    Stage.MET: "We met",
    Stage.QUALIFIED: "Qualified",
    Stage.WON: "Won",
    Stage.LOST: "Lost",
    Stage.REJECTED: "Reject",
}
# These ask for more than a press of a button.
WITH_DETAILS = (Stage.WON, Stage.LOST, Stage.REJECTED)


def moves_of(referral: Referral) -> list[dict[str, str]]:
    """The stages this referral may go to by one press: `stage`, `words`."""
    return [
        {"stage": stage.value, "words": words}
        for stage, words in MOVES.items()
        if stage not in WITH_DETAILS and may_move(referral.stage, stage)
    ]


class MoveForm(forms.Form):
    """A stage; won with its value, lost and rejected with a reason."""

    stage = forms.ChoiceField(choices=[(stage.value, words) for stage, words in MOVES.items()])
    reason = forms.CharField(required=False, max_length=240, label="Why")
    value = forms.DecimalField(required=False, min_value=0, max_digits=15, label="Worth, in the first year")
    currency = forms.CharField(required=False, min_length=3, max_length=3, label="Currency")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        stage = data.get("stage")
        if stage in (Stage.LOST, Stage.REJECTED) and not data.get("reason"):
            self.add_error("reason", "Say why in a few words. Only your team reads it.")
        if stage == Stage.WON and "value" in data:
            self._read_value(data)
        return data

    def _read_value(self, data: dict[str, Any]) -> None:
        if not data["value"]:
            self.add_error("value", "A won deal needs its value.")
            return
        try:
            data["deal_value"] = money.from_decimal(data["value"], (data.get("currency") or "").upper())
        except money.UnknownCurrency as error:
            self.add_error("currency", str(error))
        except money.MoneyError as error:
            self.add_error("value", str(error))

    @property
    def deal_value(self) -> Money | None:
        return self.cleaned_data.get("deal_value")
