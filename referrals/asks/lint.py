"""What makes an ask read like advertising: said beside the draft, never a reason to stop it."""

import re

from referrals.asks.drafts import Problem

MOST_WORDS = 150
MOST_CHARACTERS_IN_SUBJECT = 60

SALESY = (
    "act now",
    "amazing",
    "as a valued",
    "best-in-class",
    "click here to",
    "dear customer",
    "don't miss",
    "exclusive",
    "exciting",
    "free gift",
    "game-changer",
    "game changer",
    "game-changing",
    "guaranteed",
    "incredible",
    "industry-leading",
    "last chance",
    "leverage",
    "limited time",
    "once in a lifetime",
    "revolutionary",
    "risk-free",
    "special offer",
    "synergy",
    "valued customer",
    "world-class",
)

_SALESY = re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, SALESY)) + r")(?!\w)", re.IGNORECASE)
_PLACEHOLDER = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_NAMED = re.compile(r"\{\{-?\s*contact\.")
_NOBODY = frozenset({"all", "customer", "everyone", "friend", "madam", "partner", "sir", "team", "there", "user"})


def lint(subject: str, body: str) -> list[Problem]:
    """Return what a friend would not write; takes a program's text or a finished draft."""
    return [*_length(subject, body), *_name(body), *_tone(f"{subject}\n{body}")]


def _length(subject: str, body: str) -> list[Problem]:
    problems = []
    words = len(_PLACEHOLDER.sub(" word ", body).split())
    if words > MOST_WORDS:
        detail = f"{words} words are a lot to read on a phone. Under {MOST_WORDS} gets more answers."
        problems.append(Problem("too_long", detail))
    if len(_PLACEHOLDER.sub("", subject)) > MOST_CHARACTERS_IN_SUBJECT:
        detail = f"A subject of more than {MOST_CHARACTERS_IN_SUBJECT} characters is cut off on a phone."
        problems.append(Problem("subject_too_long", detail))
    if not subject.strip():
        problems.append(Problem("no_subject", "The mail has no subject."))
    return problems


def _name(body: str) -> list[Problem]:
    """Look at the greeting, the first line: "Hi Jamie," and "Jamie," name somebody, "Hello," and "Hi there," do not."""
    greeting = next((line for line in body.splitlines() if line.strip()), "")
    words = re.findall(r"\w[\w'’-]*", greeting)
    named = [word for word in words if not word[0].islower() and word.lower() not in _NOBODY]
    alone = (
        len(words) == 1 and greeting.rstrip().endswith(",") and words[0].lower() not in {"hello", "hey", "hi", "dear"}
    )
    if _NAMED.search(greeting) or alone or any(word in named for word in words[1:]):
        return []
    return [Problem("no_name", "The greeting names nobody. Begin with the person's first name.")]


def _tone(text: str) -> list[Problem]:
    plain = _PLACEHOLDER.sub(" ", text)
    found = list(dict.fromkeys(match.group().lower() for match in _SALESY.finditer(plain)))
    problems = [Problem("salesy", f"“{phrase}” sounds like advertising.", phrase) for phrase in found]
    if "!" in plain:
        problems.append(Problem("exclamation", "Exclamation marks read as advertising. A full stop is warmer."))
    return problems
