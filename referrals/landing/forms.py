"""What a referred person tells us."""

from typing import Any

from django import forms


class CallRequest(forms.Form):
    """Asking for a call. One way to reach the person is enough."""

    name = forms.CharField(
        label="Your name",
        max_length=200,
        error_messages={"required": "Tell us what to call you."},
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label="Work e-mail",
        required=False,
        max_length=254,
        error_messages={"invalid": "This address has no ending, such as .com, or no @. Check it once more."},
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    phone = forms.RegexField(
        r"^[+0-9 ()/.\-]{5,40}$",
        label="Phone",
        required=False,
        error_messages={"invalid": "This does not look like a phone number. Use digits, such as +44 20 7946 0000."},
        widget=forms.TextInput({"autocomplete": "tel", "type": "tel"}),
    )
    company = forms.CharField(
        label="Company", required=False, max_length=200, widget=forms.TextInput({"autocomplete": "organization"})
    )
    wishes = forms.CharField(
        label="What would help you most?",
        required=False,
        max_length=2000,
        error_messages={"max_length": "This is longer than 2,000 characters. The rest can wait for the call."},
        widget=forms.Textarea({"rows": 3}),
    )
    timezone = forms.CharField(required=False, widget=forms.HiddenInput({"data-timezone": True}))
    # A field no person sees. Nobody is turned away for it: the form comes back empty of it, with what was typed.
    website = forms.CharField(required=False, widget=forms.TextInput({"tabindex": "-1", "autocomplete": "off"}))
    seal = forms.CharField(required=False, widget=forms.HiddenInput())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        given = cleaned.get("email") or cleaned.get("phone")
        if not given and "email" not in self.errors and "phone" not in self.errors:
            self.add_error("email", "Give an e-mail address or a phone number, so that we can reach you.")
        cleaned["timezone"] = (cleaned.get("timezone") or "")[:64]
        return cleaned
