"""What is typed on the way to the first ask."""

from typing import Any

from django import forms

from accounts.members.forms import ProfileForm


class FoundForm(forms.Form):
    """Whose workspace it will be."""

    name = forms.CharField(
        max_length=120, label="Your company", widget=forms.TextInput(attrs={"autocomplete": "organization"})
    )
    owner_name = forms.CharField(
        max_length=120,
        label="Your name",
        help_text="Your customers read it under every letter.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    timezone = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput(attrs={"data-timezone": True}))


class StoryForm(forms.Form):
    """What got better for one person: the two lines that make a letter personal."""

    old_challenge = forms.CharField(
        max_length=240,
        label="What was hard before?",
        help_text="As they would say it: “closing the month in five days”.",
        widget=forms.TextInput(attrs={"autofocus": True}),
    )
    metric = forms.CharField(max_length=120, label="What got better", help_text="Such as: days to close the month.")
    baseline = forms.CharField(max_length=60, required=False, label="Before", help_text="5 days")
    now = forms.CharField(max_length=60, required=False, label="Now", help_text="2 days")
    source = forms.CharField(max_length=120, required=False, label="Where you know it from")
    approved_by = forms.CharField(
        max_length=120,
        required=False,
        label="Who there said that you may tell it?",
        help_text="A name. Without one it helps you alone: no letter and no page mentions it.",
    )

    def fields_given(self) -> dict[str, Any]:
        """What `customers.add_outcome` takes."""
        return {name: value for name, value in self.cleaned_data.items() if value}


class HoursForm(ProfileForm):
    """When a member works, and by which clock; the rest of the profile stays as it is."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("name", "title"):
            del self.fields[name]
        self.fields["timezone"].required = True
        self.fields["timezone"].widget.attrs["data-timezone"] = True
