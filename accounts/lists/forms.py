"""Naming a view."""

from django import forms


class ViewForm(forms.Form):
    name = forms.CharField(max_length=80, error_messages={"required": "Give it a name you will know again."})
    shared = forms.BooleanField(required=False, label="The whole team sees it")
    default = forms.BooleanField(required=False, label="I find the list like this")
