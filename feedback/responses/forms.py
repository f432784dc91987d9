"""The filters of the feedback page."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from feedback.responses.queries import CATEGORIES, Period
from feedback.surveys.models import Metric

YEAR = timedelta(days=365)


class AnswerFilters(forms.Form):
    """What stands in the address bar. Unknown values are said beside their field and left out."""

    q = forms.CharField(required=False, max_length=100)
    metric = forms.ChoiceField(required=False, choices=[("", "Every metric"), *Metric.choices])
    category = forms.ChoiceField(required=False, choices=[("", "Every answer"), *CATEGORIES])
    period = forms.ChoiceField(
        required=False, choices=[("", "Last 12 months"), ("all", "All time"), ("dates", "Between two dates")]
    )
    first = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("first"), data.get("last")
        if first and last and first > last:
            self.add_error("last", "This day is before the first one.")
        return data

    def chosen(self) -> dict[str, Any]:
        """`search`, `metric`, `category` and `period` (a Period), each with its default where nothing fits."""
        self.is_valid()
        data = self.cleaned_data
        kind, today = data.get("period", ""), timezone.localdate()
        # Dates that were typed count, whatever the choice beside them says.
        if kind == "dates" or data.get("first") or data.get("last"):
            period = Period(data.get("first"), data.get("last"))
        else:
            period = Period() if kind == "all" else Period(first=today - YEAR)
        return {
            "search": data.get("q", ""),
            "metric": data.get("metric", ""),
            "category": data.get("category", ""),
            "period": period,
        }
