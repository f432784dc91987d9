"""What time it is."""

from datetime import datetime

from django.db import connection


def database_now() -> datetime:
    """The database's time. For whatever decides that something is over: a worker's own clock may be hours off."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        now: datetime = cursor.fetchone()[0]
    return now
