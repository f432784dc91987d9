"""The owner creates, migrates and flushes; every test runs as the runtime role, so row-level security is real."""

from urllib.parse import unquote, urlsplit

import environ
import pytest
from django.db import connections
from django.test import TransactionTestCase
from django.test.utils import setup_databases, teardown_databases

from config import celery  # noqa: F401 -- tasks queued in tests go to the app that is loaded here

pytest_plugins = ["tests.factories.fixtures", "tests.smtp", "tests.mail_provider", "tests.slack"]


def connect_as(url_name):
    url = urlsplit(environ.Env().str(url_name))
    connection = connections["default"]
    connection.close()
    connection.settings_dict["USER"] = unquote(url.username)
    connection.settings_dict["PASSWORD"] = unquote(url.password or "")


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker, django_db_modify_db_settings, django_db_keepdb):
    with django_db_blocker.unblock():
        connect_as("MIGRATION_DATABASE_URL")
        created = setup_databases(verbosity=0, interactive=False, keepdb=django_db_keepdb)
        connect_as("DATABASE_URL")
    yield
    with django_db_blocker.unblock():
        hang_up_others()
        connect_as("MIGRATION_DATABASE_URL")
        hang_up_others()
        teardown_databases(created, verbosity=0)


def hang_up_others():
    """End what else this role has open here: a thread of a server that a test ran may still hold its connection."""
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()"
        )


def _set_journal_triggers(word):
    with connections["default"].cursor() as cursor:
        for table in ("rewards_ledgerentry", "rewards_ledgerline"):
            cursor.execute(f"ALTER TABLE {table} {word} TRIGGER USER")


@pytest.fixture(scope="session", autouse=True)
def flush_as_owner():
    """Transactional, live-server and browser tests truncate at the end: the runtime role may not."""
    real = TransactionTestCase._fixture_teardown

    def teardown(case):
        connect_as("MIGRATION_DATABASE_URL")
        try:
            # The journal refuses TRUNCATE even to its owner.
            _set_journal_triggers("DISABLE")
            real(case)
            _set_journal_triggers("ENABLE")
        finally:
            connect_as("DATABASE_URL")

    TransactionTestCase._fixture_teardown = teardown
    yield
    TransactionTestCase._fixture_teardown = real
