import datetime
from zoneinfo import ZoneInfo

import pytest

from referrals.today.headline import Headline, Waiting, headline

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime.datetime(2026, 11, 17, 12, 26, tzinfo=datetime.UTC)
HOUR = datetime.timedelta(hours=1)


def waiting(hours_left, **fields):
    return Waiting(NOW - (24 - hours_left) * HOUR, NOW + hours_left * HOUR, **fields)


@pytest.mark.parametrize(
    ("asks", "missed", "expected"),
    [
        ([], 0, Headline("Nobody new waits to be asked.", "", "New answers appear here by themselves.")),
        ([waiting(4)], 0, Headline("One person just said they love it.", "Ask them before 17:26.")),
        (
            [waiting(22), waiting(4), waiting(23)],
            0,
            Headline("Three people just said they love it.", "Ask them before 17:26."),
        ),
        ([waiting(20)], 0, Headline("One person just said they love it.", "Ask them before tomorrow 09:26.")),
        ([waiting(-1)], 0, Headline("One ask was missed.", "You can still write; it will say so on the record.")),
        ([], 2, Headline("Two asks were missed.", "You can still write; it will say so on the record.")),
        (
            [waiting(4), waiting(5)],
            1,
            Headline("Two people just said they love it.", "Ask them before 17:26.", "One ask was missed."),
        ),
        ([waiting(4, is_praise=False)], 0, Headline("One person has a reason to be asked.", "Ask them before 17:26.")),
    ],
)
def test_the_sentence_says_what_is_true_now(asks, missed, expected):
    assert headline(asks, missed=missed, zone=BERLIN, now=NOW) == expected
