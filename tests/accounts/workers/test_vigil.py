"""When silence means deafness."""

import pytest

from accounts.workers.vigil import Vigil


@pytest.fixture
def vigil():
    return Vigil(idle_looks=3, looks=6)


def verdicts(vigil, looks):
    """Each look by its letters: c consumed, b busy, p probed."""
    return [vigil.is_deaf(consumed="c" in look, busy="b" in look, probed="p" in look) for look in looks]


def test_three_silent_looks_of_an_idle_worker_are_enough(vigil):
    assert verdicts(vigil, ["p", "p", "p"]) == [False, False, True]


def test_whatever_comes_in_starts_the_count_anew(vigil):
    assert verdicts(vigil, ["p", "p", "cp", "p", "p", "p"]) == [False, False, False, False, False, True]


def test_silence_proves_nothing_while_the_broker_takes_no_probe(vigil):
    assert verdicts(vigil, ["p", "p", "", "", "", "", "", "", "p", "p"]) == [False] * 10


def test_a_busy_worker_is_left_alone_and_has_time_to_listen_afterwards(vigil):
    assert verdicts(vigil, ["bp", "bp", "bp", "bp", "p"]) == [False] * 5


def test_nobody_is_busy_for_longer_than_tasks_may_take(vigil):
    assert verdicts(vigil, ["bp"] * 6) == [False] * 5 + [True]
