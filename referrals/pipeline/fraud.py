"""Signs that a referral is not what it says: each with a score and a reason, nothing decided here.

A shared office or company is no sign: colleagues are internal referrals.
"""

from dataclasses import dataclass

from referrals.pipeline.referee import same_mailbox

_SAME_MAILBOX = 80
_SAME_PHONE = 60
_HIGH = 60


@dataclass(frozen=True, slots=True)
class Sign:
    score: int
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Suspicion:
    """`score` 0-100, the strongest sign's; `level` is none or high."""

    signs: tuple[Sign, ...]

    @property
    def score(self) -> int:
        return max((sign.score for sign in self.signs), default=0)

    @property
    def level(self) -> str:
        return "high" if self.score >= _HIGH else "none"

    def as_json(self) -> dict[str, object]:
        """`{"score", "level", "reasons": [{"code", "detail"}]}`, as the API answers."""
        reasons = [{"code": sign.code, "detail": sign.detail} for sign in self.signs]
        return {"score": self.score, "level": self.level, "reasons": reasons}


def judge(*, referrer_email: str, referrer_phone: str, referee_email: str, referee_phone: str) -> Suspicion:
    """What speaks against two different people standing behind a referral. Pure."""
    signs = []
    if same_mailbox(referrer_email, referee_email):
        signs.append(Sign(_SAME_MAILBOX, "same_mailbox", "Both addresses lead to the same mailbox."))
    if _digits(referrer_phone) and _digits(referrer_phone) == _digits(referee_phone):
        signs.append(Sign(_SAME_PHONE, "same_phone", "Both have the same phone number."))
    return Suspicion(tuple(signs))


def _digits(phone: str) -> str:
    return "".join(character for character in phone if character.isdigit())
