import pytest

from accounts.operations import queries
from tests.accounts.mail.conftest import post  # noqa: F401 -- the fixture


@pytest.fixture(autouse=True)
def empty_queues():
    """Other tests leave wake-ups behind, which nobody consumes here."""
    with queries.broker() as broker:
        broker.delete(*queries.queue_names())
