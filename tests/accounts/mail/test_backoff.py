from datetime import UTC, datetime, timedelta

from accounts.mail.backoff import retry_at

NOW = datetime(2026, 11, 17, 10, tzinfo=UTC)


def test_waits_double_up_to_an_hour_and_end():
    seconds = [retry_at(now=NOW, attempts=tries, expires_at=None) for tries in (1, 2, 3, 7, 8, 59, 60)]

    assert [at and (at - NOW).total_seconds() for at in seconds] == [30, 60, 120, 1920, 3600, 3600, None]


def test_the_last_chance_before_expiry_is_used():
    assert retry_at(now=NOW, attempts=8, expires_at=NOW + timedelta(minutes=10)) == NOW + timedelta(minutes=9)
    assert retry_at(now=NOW, attempts=8, expires_at=NOW + timedelta(seconds=40)) == NOW + timedelta(seconds=30)
