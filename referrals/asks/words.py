"""How a person would say when somebody answered: "this morning", "yesterday", "on September 3"."""

from datetime import datetime
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton

# Language: this morning, this afternoon, this evening, last night, yesterday, on a date.
_WORDS = {
    "en": ("this morning", "this afternoon", "this evening", "last night", "yesterday", "on {}"),
    "de": ("heute Morgen", "heute Nachmittag", "heute Abend", "gestern Abend", "gestern", "am {}"),
}


def said_when(responded_at: datetime, now: datetime, zone: ZoneInfo, locale: str = "en_US") -> str:
    """Return when an answer was given, by the contact's clock, as said at `now`. Both are aware.

    Locales other than English and German are answered in US English until their words are written. The year is said
    only where it is not this one.
    """
    parsed = Locale.parse(locale.replace("-", "_"))
    if parsed.language not in _WORDS:
        parsed = Locale("en", "US")
    morning, afternoon, evening, last_night, yesterday, on = _WORDS[parsed.language]
    answered, today = responded_at.astimezone(zone), now.astimezone(zone)
    days = (today.date() - answered.date()).days
    if days <= 0:
        # Before five it was still yesterday's night for whoever answered.
        if answered.hour < 5:
            return last_night
        return morning if answered.hour < 12 else afternoon if answered.hour < 18 else evening
    if days == 1:
        return last_night if answered.hour >= 18 else yesterday
    if answered.year == today.year:
        return on.format(format_skeleton("MMMMd", answered.date(), locale=parsed))
    return on.format(format_date(answered.date(), "long", locale=parsed))
