"""What a person changes about customers by hand."""

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone

from accounts.customers.models import AcquiredVia, Company, Contact, Hold
from accounts.tenancy.errors import Refusal


def show_refusal(form: forms.Form, refusal: Refusal) -> None:
    """Put a refusal beside its field, or above the form where it speaks of no field of the form."""
    field = (refusal.field or "").rpartition(".")[2]
    form.add_error(field if field in form.fields else None, refusal.detail)


class ContactForm(forms.Form):
    """Who somebody is. What they answered and when they were asked is never typed."""

    first_name = forms.CharField(max_length=120, required=False)
    last_name = forms.CharField(max_length=120, required=False)
    email = forms.EmailField(required=False, label="E-mail")
    title = forms.CharField(max_length=200, required=False, label="Role")
    seniority = forms.ChoiceField(choices=Contact.Seniority.choices)
    phone = forms.CharField(max_length=40, required=False)
    linkedin_url = forms.URLField(required=False, label="LinkedIn", assume_scheme="https")
    timezone = forms.CharField(max_length=64, required=False, label="Time zone", help_text="For example Europe/Lisbon.")

    @classmethod
    def of(cls, contact: Contact) -> "ContactForm":
        return cls(initial={name: getattr(contact, name) for name in cls.base_fields})


class CompanyForm(forms.Form):
    name = forms.CharField(max_length=200)
    industry = forms.CharField(max_length=120, required=False)
    country = forms.CharField(max_length=2, required=False, help_text="Two letters, such as DE.")
    plan = forms.CharField(max_length=120, required=False)
    customer_since = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))
    renewal_on = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}), label="Renews on")
    acquired_via = forms.ChoiceField(choices=AcquiredVia.choices, label="Came by")
    publicity = forms.ChoiceField(choices=Company.Publicity.choices, label="Named in public")
    gift_policy = forms.ChoiceField(choices=Company.GiftPolicy.choices, label="Gifts")

    @classmethod
    def of(cls, company: Company) -> "CompanyForm":
        return cls(initial={name: getattr(company, name) for name in cls.base_fields})


class HoldForm(forms.Form):
    purpose = forms.ChoiceField(choices=Hold.Purpose.choices, label="For what")
    reason = forms.ChoiceField(choices=Hold.Reason.choices)
    detail = forms.CharField(max_length=240, required=False, label="A note")
    until = forms.DateField(
        required=False, widget=forms.DateInput(attrs={"type": "date"}), help_text="Empty: until somebody lifts it."
    )

    def clean_until(self) -> datetime | None:
        """The end of the day that was chosen, in the zone of the page."""
        day = self.cleaned_data["until"]
        return timezone.make_aware(datetime.combine(day, time(23, 59))) if day else None


class OutcomeForm(forms.Form):
    """Evidence of benefit. Only an approved one is ever shown to anybody."""

    summary = forms.CharField(max_length=240, label="In one sentence", help_text="Such as: cut reporting time by 40 %.")
    metric = forms.CharField(max_length=120, label="What was measured")
    baseline = forms.CharField(max_length=60, required=False, label="Before")
    now = forms.CharField(max_length=60, required=False, label="Now")
    period = forms.CharField(max_length=60, required=False, label="Per", help_text="Such as: a month.")
    old_challenge = forms.CharField(max_length=240, required=False, label="The old challenge")
    source = forms.CharField(max_length=120, required=False, label="Where the figures come from")
    approved_by = forms.CharField(
        max_length=120, required=False, help_text="The named person at the customer who said it may be told."
    )

    def fields_given(self) -> Mapping[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if value}
