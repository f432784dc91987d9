"""Deciding about a reward by hand."""

from django import forms


class CancelForm(forms.Form):
    reason = forms.CharField(max_length=240, label="Why", error_messages={"required": "Say why in a few words."})


class FulfilForm(forms.Form):
    note = forms.CharField(max_length=240, required=False, label="How it was handed over")
