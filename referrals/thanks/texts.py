"""The first draft of a thank-you: plain, warm, from real facts only.

The advocate is told no more than: got it, we spoke, they became a customer, closed for now. Never reasons or values.
"""

from dataclasses import dataclass

from referrals.thanks.models import ThankYou

Occasion = ThankYou.Occasion


@dataclass(frozen=True, slots=True)
class Facts:
    """First names where known, else ""; `workspace` is the team's name."""

    advocate: str
    referee: str
    sender: str
    workspace: str


@dataclass(frozen=True, slots=True)
class Words:
    subject: str
    body: str


_SUBJECTS = {
    Occasion.INTRODUCTION: "Thank you for introducing {referee}",
    Occasion.MET: "We spoke with {referee}. Thank you",
    Occasion.WON: "{referee} is with us now, thanks to you",
    Occasion.LOST: "{referee} and us: closed for now",
    Occasion.SELF_REPORTED: "You told a friend about us. Thank you",
}
_BODIES = {
    Occasion.INTRODUCTION: (
        "thank you for thinking of us and introducing {referee}. Your name is on this, and I know what that means: I "
        "will look after {referee} the way you would want me to, and I will tell you how it goes."
    ),
    Occasion.MET: (
        "a short word, because you made it happen: we have spoken with {referee}. Thank you for putting the two of us "
        "in touch. Whatever comes of it, that was kind of you."
    ),
    Occasion.WON: (
        "{referee} has become a customer, and it began with you. Thank you. You lent us your good name, and we will "
        "take care that you never regret it."
    ),
    Occasion.LOST: (
        "I promised to tell you how it goes: with {referee} it is closed for now. Thank you all the same. You opened "
        "a door for us, and it stays a good one."
    ),
    Occasion.SELF_REPORTED: (
        "you told us that you recommended us to somebody in the last six months. Nobody thanked you for it, so I do "
        "it now: thank you.\n\nTo whom was it? A name is enough. I would like to look after them in your name."
    ),
}


def write(*, occasion: str, facts: Facts) -> Words:
    """The draft for an occasion. Without a name the referee is "your friend"."""
    known = {"referee": facts.referee or "your friend"}
    subject = _SUBJECTS[Occasion(occasion)].format(**known)
    text = _BODIES[Occasion(occasion)].format(**known)
    # The sentence follows a greeting with a comma.
    lines = [f"Hi {facts.advocate}," if facts.advocate else "Hello,", text, facts.sender or facts.workspace]
    return Words(subject[0].upper() + subject[1:], "\n\n".join(lines))
