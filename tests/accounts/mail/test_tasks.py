"""The wake-ups of the dispatcher."""

import pytest
from django.core.cache import cache

from accounts.mail import account_mail, dispatcher, tasks


@pytest.fixture
def outbox(monkeypatch):
    """A dispatcher that says whether more is due."""
    state = {"more": True, "woken": []}
    monkeypatch.setattr(account_mail, "dispatch", lambda: False)
    monkeypatch.setattr(dispatcher, "dispatch_all", lambda **_limits: state["more"])
    monkeypatch.setattr(tasks.tick, "apply_async", lambda *, kwargs, **_options: state["woken"].append(kwargs["chain"]))
    cache.clear()
    yield state
    cache.clear()


@pytest.mark.django_db
def test_while_mail_is_due_only_so_many_ticks_follow_each_other(outbox):
    for _beat in range(30):
        tasks.tick()

    assert outbox["woken"] == list(range(8))


@pytest.mark.django_db
def test_a_chain_goes_on_until_nothing_is_due_and_then_gives_its_place_away(outbox):
    for _beat in range(8):
        tasks.tick()
    outbox["woken"].clear()

    tasks.tick(chain=3)
    outbox["more"] = False
    tasks.tick(chain=3)
    outbox["more"] = True
    tasks.tick()

    assert outbox["woken"] == [3, 3]
