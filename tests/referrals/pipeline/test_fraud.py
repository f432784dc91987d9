import pytest

from referrals.pipeline import fraud


def judge(referee_email="", referee_phone="", referrer_email="jamie@northwind.example", referrer_phone="+49 30 12"):
    found = fraud.judge(
        referrer_email=referrer_email,
        referrer_phone=referrer_phone,
        referee_email=referee_email,
        referee_phone=referee_phone,
    )
    return found.score, found.level, [sign.code for sign in found.signs]


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"referee_email": "Jamie+friend@northwind.example"}, (80, "high", ["same_mailbox"])),
        (
            {"referee_email": "j.amie@googlemail.com", "referrer_email": "jamie@gmail.com"},
            (80, "high", ["same_mailbox"]),
        ),
        ({"referee_phone": "+49 (30) 12"}, (60, "high", ["same_phone"])),
        ({"referee_email": "pat@northwind.example"}, (0, "none", [])),
        ({"referee_email": "j.amie@northwind.example"}, (0, "none", [])),
        ({"referrer_email": "", "referrer_phone": ""}, (0, "none", [])),
    ],
)
def test_only_one_person_behind_both_names_is_a_sign(given, found):
    assert judge(**given) == found
