"""A draft as the desk shows it: paragraphs in which every fact is underlined and numbered, with its record."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from referrals.asks.tokens import TOKENS

# Names in the greeting and below the letter prove themselves; addresses are shown as addresses.
_UNMARKED = {"contact.first_name", "sender.first_name", "sender.name"}
_SCORES = {"response.score"}
_ADDRESSES = {"advocate_url", "link_url"}
_GAP = re.compile(r"\[([a-z_]+(?:\.[a-z_]+)?)\]")


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a letter. `kind` is "", "fact", "hole" or "url"; a fact carries the number of its footnote."""

    text: str
    kind: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class Footnote:
    """The record a fact comes from; `token` is the fact's name, such as "outcome.summary"."""

    number: int
    text: str
    source: str
    token: str


@dataclass(slots=True)
class Letter:
    """The subject, the paragraphs, and the footnotes in the order in which their facts are read."""

    subject: list[Piece] = field(default_factory=list)
    paragraphs: list[list[Piece]] = field(default_factory=list)
    footnotes: list[Footnote] = field(default_factory=list)


def lay_out(*, subject: str, body: str, facts: Iterable[Mapping[str, str]]) -> Letter:
    """Find each of `facts` ([{"token", "value", "source"}]) where it is first said; a later one replaces an earlier."""
    by_token = {fact["token"]: fact for fact in facts if fact.get("value")}
    unread = [fact for token, fact in by_token.items() if token not in _UNMARKED]
    letter = Letter()
    letter.subject = _mark(subject, unread, letter.footnotes)
    for paragraph in re.split(r"\n\s*\n", body.strip()):
        letter.paragraphs.append(_mark(paragraph, unread, letter.footnotes))
    return letter


def _mark(text: str, unread: list[Mapping[str, str]], footnotes: list[Footnote]) -> list[Piece]:
    """Cut `text` at the facts and gaps in it. Facts found are taken from `unread` and added to `footnotes`."""
    pieces, end = [], 0
    for start, stop, fact in _found(text, unread):
        if start < end:
            continue
        if start > end:
            pieces.append(Piece(text[end:start]))
        pieces.append(_piece(text[start:stop], fact, unread, footnotes))
        end = stop
    if end < len(text):
        pieces.append(Piece(text[end:]))
    return pieces


def _found(text: str, unread: list[Mapping[str, str]]) -> list[tuple[int, int, Mapping[str, str] | None]]:
    """Where facts and gaps stand, from left to right, the longer of two at one place first."""
    spans: list[tuple[int, int, Mapping[str, str] | None]] = [
        (gap.start(), gap.end(), None) for gap in _GAP.finditer(text) if gap[1] in TOKENS
    ]
    for fact in unread:
        hit = re.search(rf"(?<!\w){re.escape(fact['value'])}(?!\w)", text)
        if hit:
            spans.append((hit.start(), hit.end(), fact))
    return sorted(spans, key=lambda span: (span[0], -span[1]))


def _piece(
    words: str, fact: Mapping[str, str] | None, unread: list[Mapping[str, str]], footnotes: list[Footnote]
) -> Piece:
    if fact is None:
        return Piece(words, "hole")
    unread.remove(fact)
    if fact["token"] in _ADDRESSES:
        return Piece(words, "url")
    said = f"Score {fact['value']}" if fact["token"] in _SCORES else fact["value"]
    footnotes.append(Footnote(len(footnotes) + 1, said, fact["source"], fact["token"]))
    return Piece(words, "fact", len(footnotes))
