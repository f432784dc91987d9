"""Introducing somebody."""

from django import forms


class Introduction(forms.Form):
    """Who should talk to us. A first name is enough; we wait until the two are put in touch."""

    name = forms.CharField(
        label="Their name",
        max_length=200,
        error_messages={"required": "A first name is enough."},
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    company = forms.CharField(
        label="Their company", required=False, max_length=200, widget=forms.TextInput({"autocomplete": "off"})
    )
    email = forms.EmailField(
        label="Their e-mail",
        required=False,
        max_length=254,
        help_text="Only if they know that we will write. Without it we keep the name for 30 days and write to nobody.",
        error_messages={"invalid": "This address has no ending, such as .com, or no @. Check it once more."},
        widget=forms.EmailInput({"autocomplete": "off"}),
    )
    note = forms.CharField(
        label="In your own words",
        required=False,
        max_length=2000,
        help_text="How you know each other, and why we should talk.",
        error_messages={"max_length": "This is longer than 2,000 characters. Say the rest when we thank you."},
        widget=forms.Textarea({"rows": 3}),
    )
