import pytest

from referrals.pipeline.models import Referral
from referrals.pipeline.stages import may_move, triggers_passed

# One row per stage a referral may be in, one column per stage it may be sent to.
COLUMNS = list(Referral.Stage.values)
TABLE = {
    "named": "- x x x x x x x x - -",
    "new": "- - x x x x x x x - -",
    "contacted": "- - - x x x x x x - -",
    "meeting_booked": "- - - - x x x x x - -",
    "met": "- - - - - x x x x - -",
    "qualified": "- - - - - - x x x - -",
    "won": "- - - - - - - - - - -",
    "lost": "- - x - - - - - - - -",
    "rejected": "- - - - - - - - - - -",
    "churned": "- - - - - - - - - - -",
    "refunded": "- - - - - - - - - - -",
}
MATRIX = [
    (before, after, mark == "x")
    for before, row in TABLE.items()
    for after, mark in zip(COLUMNS, row.split(), strict=True)
]


def test_the_table_names_every_stage_both_ways():
    assert list(TABLE) == COLUMNS


@pytest.mark.parametrize(("before", "after", "allowed"), MATRIX)
def test_a_referral_moves_as_the_contract_says(before, after, allowed):
    assert may_move(before, after) is allowed


@pytest.mark.parametrize(
    ("before", "after", "passed"),
    [
        ("named", "contacted", []),
        ("meeting_booked", "met", ["met"]),
        ("met", "qualified", ["qualified"]),
        ("new", "qualified", ["met", "qualified"]),
        ("new", "won", ["met", "qualified", "won"]),
        ("qualified", "won", ["won"]),
        ("met", "lost", []),
        ("lost", "contacted", []),
    ],
)
def test_a_jump_passes_every_rewarded_stage_on_its_way(before, after, passed):
    assert triggers_passed(before, after) == passed
