"""A page of the list of people among 1,000,000: milliseconds of the first page, and of one far behind.

Asked through Django's test client in this process, as in palette.py.
"""

import statistics
import time

from tests.benchmarks import _crowd

_PEOPLE, _ROUNDS = 1_000_000, 5


def run() -> tuple[float, str]:
    """How many times the page behind 800,000 rows takes what the first page takes."""
    from django.test import Client

    from accounts.customers.lists import CONTACTS
    from accounts.lists.paging import cursor_after
    from accounts.tenancy.scope import workspace_scope

    workspace, user = _crowd.make(slug="bench-lists", people=_PEOPLE)
    _crowd.analyze()
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(user)
    with workspace_scope(workspace.pk):
        far = cursor_after(workspace.contacts.order_by("name_key", "pk")[800_000], CONTACTS.sorts[0])
    addresses = {"first": "sort=name", "behind 800,000": f"sort=name&at={far}", "last asked": "sort=-asked"}
    medians = {name: _median(client, f"/app/{workspace.slug}/customers/people?{at}") for name, at in addresses.items()}
    each = ", ".join(f"{name} {ms:.0f}" for name, ms in medians.items())
    return medians["behind 800,000"] / medians["first"], f"of the first page among {_PEOPLE:,} people; ms: {each}"


def _median(client: object, address: str) -> float:
    times = []
    for _ in range(_ROUNDS):
        start = time.perf_counter()
        answer = client.get(address)  # type: ignore[attr-defined]
        if answer.status_code != 200:
            raise RuntimeError(f"The list answers {answer.status_code}.")
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)
