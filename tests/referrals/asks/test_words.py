from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from referrals.asks.words import said_when

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
NOW = datetime(2026, 9, 5, 19, 30, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("answered", "english", "british", "german"),
    [
        ("2026-09-05T08:00", "this morning", "this morning", "heute Morgen"),
        ("2026-09-05T12:00", "this afternoon", "this afternoon", "heute Nachmittag"),
        ("2026-09-05T18:30", "this evening", "this evening", "heute Abend"),
        ("2026-09-05T02:00", "last night", "last night", "gestern Abend"),
        ("2026-09-04T21:00", "last night", "last night", "gestern Abend"),
        ("2026-09-04T11:00", "yesterday", "yesterday", "gestern"),
        ("2026-09-03T11:00", "on September 3", "on 3 September", "am 3. September"),
        ("2025-12-31T11:00", "on December 31, 2025", "on 31 December 2025", "am 31. Dezember 2025"),
    ],
)
def test_an_answer_was_given_when_a_person_would_say_so(answered, english, british, german):
    moment = datetime.fromisoformat(answered).replace(tzinfo=BERLIN)

    said = [said_when(moment, NOW, BERLIN, locale) for locale in ("en_US", "en-GB", "de_DE")]

    assert said == [english, british, german]


def test_the_day_is_the_contacts():
    answered = datetime(2026, 9, 5, 3, tzinfo=BERLIN)

    assert said_when(answered, NOW, NEW_YORK) == "last night"


def test_a_language_without_words_is_answered_in_english():
    assert said_when(datetime(2026, 9, 3, tzinfo=BERLIN), NOW, BERLIN, "fr_FR") == "on September 3"
