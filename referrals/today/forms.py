"""What can be typed on the desk."""

from django import forms

SKIP_REASONS = [
    "Not the right moment",
    "I will ask in person",
    "Open support case",
    "Somebody else is asking",
    "Wrong person",
]


class EditThankYou(forms.Form):
    """The words of a thank-you."""

    subject = forms.CharField(max_length=300)
    body = forms.CharField(label="Letter", max_length=8_000, strip=False, widget=forms.Textarea(attrs={"rows": 14}))


class EditAsk(EditThankYou):
    """The words of a draft. Whoever asked to edit begins to type at once."""

    body = forms.CharField(
        label="Letter",
        max_length=8_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 16, "autofocus": True}),
    )


class SkipForm(forms.Form):
    """Why somebody is left alone this time: one of the common reasons, or own words."""

    reason = forms.ChoiceField(choices=[(words, words) for words in SKIP_REASONS], initial=SKIP_REASONS[0])
    other = forms.CharField(label="Or in your own words", max_length=240, required=False)

    @property
    def why(self) -> str:
        """The reason as it is stored; own words win."""
        return self.cleaned_data["other"] or self.cleaned_data["reason"]
