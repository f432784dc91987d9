"""A member as they and their admins write them down."""

import datetime
from typing import Any, ClassVar
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError

from accounts.members.models import Member

_DAY = {"type": "date"}
_TIME = {"type": "time"}


class ProfileForm(forms.ModelForm):
    """Name, title, zone and hours of work."""

    class Meta:
        model = Member
        fields = ("name", "title", "timezone", "work_starts", "work_ends")
        labels: ClassVar[dict[str, str]] = {
            "timezone": "Time zone",
            "work_starts": "Work starts",
            "work_ends": "Work ends",
        }
        help_texts: ClassVar[dict[str, str]] = {
            "name": "Customers read it as the sender.",
            "timezone": "Like Europe/Berlin. Empty: the workspace's.",
            "work_ends": "Drafts go out by themselves within these hours.",
        }
        widgets: ClassVar[dict[str, Any]] = {
            "work_starts": forms.TimeInput(attrs=_TIME, format="%H:%M"),
            "work_ends": forms.TimeInput(attrs=_TIME, format="%H:%M"),
        }

    def clean_timezone(self) -> str:
        zone: str = self.cleaned_data["timezone"]
        if zone and zone not in available_timezones():
            raise ValidationError("We do not know this zone. Write it like Europe/Berlin.")
        return zone

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        starts, ends = data.get("work_starts"), data.get("work_ends")
        if starts and ends and ends <= starts:
            self.add_error("work_ends", "Work ends before it starts.")
        return data


class AbsenceForm(forms.Form):
    """The days somebody is away, and who stands in."""

    absent_from = forms.DateField(
        label="Away from", required=False, widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d")
    )
    absent_until = forms.DateField(
        label="Until, the last day away",
        required=False,
        widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"),
        help_text="Leave both days empty when back at work.",
    )
    deputy = forms.ModelChoiceField(
        queryset=Member.objects.none(),
        label="Who stands in",
        required=False,
        empty_label="Nobody: asks go out in the workspace's name",
        help_text="Asks that wait move to them when the absence begins.",
    )

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        initial = {name: getattr(member, name) for name in ("absent_from", "absent_until", "deputy")}
        super().__init__(*args, **kwargs, initial=initial)  # type: ignore[misc]  # nobody gives it twice
        others = member.workspace.members.filter(is_active=True).exclude(pk=member.pk).order_by("name")
        self.fields["deputy"].queryset = others  # type: ignore[attr-defined]  # a choice among rows

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first: datetime.date | None = data.get("absent_from")
        last: datetime.date | None = data.get("absent_until")
        if first and not last and "absent_until" not in self.errors:
            self.add_error("absent_until", "Say until when, so that we know who asks meanwhile.")
        if first and last and last < first:
            self.add_error("absent_until", "The last day lies before the first.")
        return data
