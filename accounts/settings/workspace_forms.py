"""The workspace itself, as it is set by hand: one form for each page."""

import re
from datetime import date, time
from functools import cache
from typing import Any, ClassVar
from zoneinfo import available_timezones

from babel import Locale
from django import forms
from django.core.exceptions import ValidationError

from accounts.tenancy import logos, money
from accounts.tenancy.holidays import countries
from accounts.tenancy.logos import Picture
from accounts.tenancy.models import Workspace

_COLOUR = re.compile(r"#?([0-9a-fA-F]{6})")
_TIME = {"type": "time"}
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
LANGUAGES = ("en", "en-GB", "de", "fr", "es", "pt", "it", "nl")


class WorkspaceForm(forms.ModelForm):
    """Some fields of the workspace; `fields_given` is what the action wants."""

    def fields_given(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self._meta.fields or ()}


class GeneralForm(WorkspaceForm):
    """Who the workspace is, where, and in which money it counts."""

    approval_limit = forms.DecimalField(
        min_value=0,
        max_digits=12,
        label="One person may approve up to",
        help_text="Above this, a second member has to approve a reward. In the currency above.",
    )
    country = forms.ChoiceField(
        required=False, help_text="Whose holidays count for people of whom we know no country of their own."
    )
    locale = forms.ChoiceField(label="Language of dates", help_text="How letters write “on 3 September”.")

    class Meta:
        model = Workspace
        fields = ("name", "timezone", "country", "locale", "currency", "sender_name", "sender_email")
        labels: ClassVar[dict[str, str]] = {
            "timezone": "Time zone",
            "sender_name": "Asks without an owner come from",
            "sender_email": "Their address",
        }
        help_texts: ClassVar[dict[str, str]] = {
            "timezone": "Days and months are cut in it.",
            "currency": "Three letters, such as EUR.",
            "sender_name": "A person's name. Nobody answers “the team”.",
        }
        widgets: ClassVar[dict[str, Any]] = {
            "timezone": forms.TextInput(attrs={"list": "zones", "autocomplete": "off"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limit = self.instance.approval_limit_minor
        self.fields["approval_limit"].initial = money.Money(limit, self.instance.currency).to_decimal()
        self.fields["country"].choices = [("", "None"), *country_names()]  # type: ignore[attr-defined]  # a choice
        codes = dict.fromkeys([*LANGUAGES, self.instance.locale])
        self.fields["locale"].choices = [(code, _language(code)) for code in codes]  # type: ignore[attr-defined]

    def clean_timezone(self) -> str:
        zone: str = self.cleaned_data["timezone"]
        if zone not in available_timezones():
            raise ValidationError("We do not know this zone. Write it like Europe/Berlin.")
        return zone

    def clean_currency(self) -> str:
        currency: str = self.cleaned_data["currency"].upper()
        if currency not in money.currencies():
            raise ValidationError("We do not know this currency. Use three letters, like USD or EUR.")
        return currency

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "currency" in data and data.get("approval_limit") is not None:
            try:
                data["approval_limit_minor"] = money.from_decimal(data["approval_limit"], data["currency"]).amount
            except money.MoneyError as error:
                self.add_error("approval_limit", str(error))
        return data

    def fields_given(self) -> dict[str, Any]:
        return super().fields_given() | {"approval_limit_minor": self.cleaned_data["approval_limit_minor"]}


class BrandForm(WorkspaceForm):
    """What customers see: the picture on top, one colour, and how they are addressed."""

    logo_file = forms.FileField(
        required=False,
        label="Logo",
        help_text="PNG, JPEG, WebP or SVG, up to 60 kB. It is shown 28 pixels high.",
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp,image/svg+xml"}),
    )
    logo_address = forms.URLField(
        required=False,
        label="Or its address",
        max_length=500,
        assume_scheme="https",
        help_text="We copy the picture once; your site is not asked again.",
    )
    drop_logo = forms.BooleanField(required=False, label="No logo: write the name instead")

    class Meta:
        model = Workspace
        fields = ("brand_color", "tone")
        labels: ClassVar[dict[str, str]] = {"brand_color": "Colour", "tone": "How people are addressed"}
        help_texts: ClassVar[dict[str, str]] = {"brand_color": "Six digits, such as #2747b8. Empty: ours."}
        widgets: ClassVar[dict[str, Any]] = {"tone": forms.RadioSelect}

    field_order = ("logo_file", "logo_address", "drop_logo", "brand_color", "tone")

    def clean_brand_color(self) -> str:
        given = self.cleaned_data["brand_color"].strip()
        found = _COLOUR.fullmatch(given)
        if given and not found:
            raise ValidationError("Write the colour with six digits, such as #2747b8.")
        return f"#{found[1].lower()}" if found else ""

    def picture(self) -> Picture | None:
        """The uploaded logo. Raises InvalidInput."""
        file = self.cleaned_data["logo_file"]
        return logos.read(file.read(logos.LARGEST + 1), field="logo_file") if file else None


class LegalForm(WorkspaceForm):
    """What the law wants to be said."""

    imprint_url = forms.URLField(
        label="Imprint", required=False, max_length=200, assume_scheme="https", help_text="Linked on every public page."
    )
    privacy_url = forms.URLField(
        label="Privacy policy",
        required=False,
        max_length=200,
        assume_scheme="https",
        help_text="Linked on every public page, and beside the form where a friend asks for a call.",
    )

    class Meta:
        model = Workspace
        fields = ("postal_address", "imprint_url", "privacy_url", "eu_mode")
        labels: ClassVar[dict[str, str]] = {"eu_mode": "EU mode"}
        help_texts: ClassVar[dict[str, str]] = {
            "postal_address": "Stands in the last line of every mail and on public pages. Most countries ask for it."
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("eu_mode"):
            for name, words in {"imprint_url": "an imprint", "privacy_url": "a privacy policy"}.items():
                if name not in self.errors and not data.get(name):
                    self.add_error(name, f"EU mode needs {words}: say where yours is.")
        return data


class HoursForm(WorkspaceForm):
    """When mail may leave."""

    working_days = forms.TypedMultipleChoiceField(
        coerce=int,
        choices=list(enumerate(WEEKDAYS)),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one day: on the others nobody would ever be asked."},
    )

    class Meta:
        model = Workspace
        fields = (
            "polite_starts",
            "polite_ends",
            "working_days",
            "weekends",
            "fallback_starts",
            "fallback_ends",
            "warm_start_per_day",
        )
        labels: ClassVar[dict[str, str]] = {
            "polite_starts": "From",
            "polite_ends": "Until",
            "weekends": "On other days and holidays",
            "fallback_starts": "From",
            "fallback_ends": "Until",
            "warm_start_per_day": "Old praise: people asked by hand a day",
        }
        widgets: ClassVar[dict[str, Any]] = {
            name: forms.TimeInput(attrs=_TIME, format="%H:%M")
            for name in ("polite_starts", "polite_ends", "fallback_starts", "fallback_ends")
        } | {"weekends": forms.RadioSelect}

    # Nobody is written to at night, and every day holds some time for the 24-hour promise.
    EARLIEST, LATEST, SHORTEST_HOURS = time(7), time(21), 2

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["weekends"].choices = [  # type: ignore[attr-defined]  # a choice
            ("daytime", "Write by day, in the hours below: nobody waits longer than 24 hours"),
            ("wait", "Wait for the next working day: what is late by that is counted as late by choice"),
        ]

    def clean_working_days(self) -> list[int]:
        return sorted(self.cleaned_data["working_days"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for which in ("polite", "fallback"):
            starts, ends = data.get(f"{which}_starts"), data.get(f"{which}_ends")
            if starts and starts < self.EARLIEST:
                self.add_error(f"{which}_starts", "Before 07:00 is night.")
            if ends and ends > self.LATEST:
                self.add_error(f"{which}_ends", "After 21:00 is night.")
            if (
                starts
                and ends
                and (ends.hour * 60 + ends.minute) - (starts.hour * 60 + starts.minute) < (60 * self.SHORTEST_HOURS)
            ):
                self.add_error(f"{which}_ends", "Leave at least two hours: else some asks would never be in time.")
        return data


class DayOffForm(forms.Form):
    """A day of one's own beside the holidays."""

    day = forms.DateField(label="Day", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    name = forms.CharField(max_length=80, label="What it is", help_text="Such as “Company party”.")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day < self.today:
            raise ValidationError("This day is over.")
        if day.year > self.today.year + 2:
            raise ValidationError("That is more than two years ahead.")
        return day


class LogoAtAddress(forms.Form):
    """The address alone, for whoever fetches it before the form is judged."""

    logo_address = forms.URLField(max_length=500, assume_scheme="https")


@cache
def country_names() -> list[tuple[str, str]]:
    """(code, name) of countries by name; those whose holidays nobody has written down say so."""
    known = countries()
    names = {code: name for code, name in Locale("en").territories.items() if re.fullmatch(r"[A-Z]{2}", code)}
    for unreal in ("EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"):
        names.pop(unreal, None)
    rows = [(code, name if code in known else f"{name} (no holidays known)") for code, name in names.items()]
    return sorted(rows, key=lambda row: row[1])


def _language(code: str) -> str:
    try:
        return Locale.parse(code, sep="-").get_display_name("en") or code
    except ValueError:
        return code
