"""What the advocate is told about the people they referred: four words, never reasons or values."""

from collections.abc import Iterable
from dataclasses import dataclass

from referrals.pipeline.models import Referral

Stage = Referral.Stage


@dataclass(frozen=True, slots=True)
class News:
    """One person: how far it went (0 named, 1 got it, 2 we spoke, 3 customer; None: closed for now)."""

    first_name: str
    company: str
    word: str
    sentence: str
    tone: str
    steps: int | None

    @property
    def who(self) -> str:
        return f"{self.first_name} at {self.company}" if self.company else self.first_name


_GOT_IT = ("got it", "We have your introduction and get in touch.", "now", 1)
_SPOKE = ("we spoke", "We have talked. We tell you here what comes of it.", "now", 2)
_CUSTOMER = ("became a customer", "They work with us now, thanks to you.", "good", 3)
_CLOSED = ("closed for now", "It did not come together this time. Thank you all the same.", "", None)
_TOLD = {
    Stage.NAMED: ("named", "We know the name only and write to nobody. Put us in touch when it suits you.", "", 0),
    Stage.NEW: _GOT_IT,
    Stage.CONTACTED: _GOT_IT,
    Stage.MEETING_BOOKED: _GOT_IT,
    Stage.MET: _SPOKE,
    Stage.QUALIFIED: _SPOKE,
    Stage.WON: _CUSTOMER,
    # What happens after they became a customer is between them and us.
    Stage.CHURNED: _CUSTOMER,
    Stage.REFUNDED: _CUSTOMER,
    Stage.LOST: _CLOSED,
    Stage.REJECTED: _CLOSED,
}


def news_of(referral: Referral) -> News:
    """What may be told about one referral."""
    word, sentence, tone, steps = _TOLD[Stage(referral.stage)]
    first_name = (referral.referee_name.split() or ["Somebody"])[0]
    return News(first_name, referral.referee_company_name, word, sentence, tone, steps)


def headline(first_name: str, news: Iterable[News]) -> str:
    """One sentence on top: the best news there is, else the question."""
    best = max((one for one in news if one.steps), key=lambda one: one.steps or 0, default=None)
    if best is None:
        question = "who else should know?"
        return f"{first_name}, {question}" if first_name else question.capitalize()
    said = {
        1: f"we have your introduction to {best.first_name}.",
        2: f"we spoke with {best.first_name}.",
        3: f"{best.first_name} became a customer.",
    }[best.steps or 1]
    return f"{first_name}, {said}" if first_name else said[:1].upper() + said[1:]
