"""Every pair of text and ground that our stylesheets make can be read, by day and by night: computed, not looked at.

A rule that sets both is a pair of its own. A rule that sets only the text may stand on any surface; one that sets only
the ground carries the ink that is there anyway. Where a rule's ground comes from another rule, STANDS_ON says which.
"""

import re
from collections.abc import Iterator

import pytest

from tests.front.test_tokens import CSS, Rgb, contrast, linear_rgb, tokens

SURFACES = ("sheet", "paper")
TEXT, GRAPHIC = 4.5, 3.0
# Text whose ground is painted by a rule above it.
STANDS_ON = {
    ".toast button": ["ink"],
    ".sw-stone": ["stone"],
    "kbd": ["sunk"],
    ".side .ws.jump": ["sunk"],
    ".slip[aria-current] .next, .slip[aria-current] .who span, .slip[aria-current] small": ["moment-tint"],
    ".codeblock .btn": ["sunk"],
}
# Grounds without text, and what WCAG leaves out.
NO_TEXT = {
    ".qr": "a picture, white for the cameras",
    ".field :is(input, textarea, select):disabled": "a control that is switched off",
}
# What must be told from its ground to be used: borders of fields, and the ring of the focus.
EDGES = [("edge", ground) for ground in (*SURFACES, "sunk")] + [("focus", ground) for ground in (*SURFACES, "sunk")]
EDGES += [("accent-edge", "sheet"), ("danger", "sheet"), ("danger", "paper"), ("focus", "moment-tint")]
MODES = ("light", "dark")


def rules() -> Iterator[tuple[str, dict[str, str]]]:
    """Selector and declarations of every rule but those of plain.css, which repeats the tokens."""
    for path in sorted(CSS.glob("*.css")):
        if path.name not in ("tokens.css", "plain.css"):
            text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
            for selector, body in re.findall(r"([^{};]+)\{([^{}]*)\}", text):
                pairs = (part.split(":", 1) for part in body.split(";") if ":" in part)
                yield " ".join(selector.split()), {name.strip(): value.strip() for name, value in pairs}


def palette(mode: str) -> dict[str, Rgb]:
    """Every token that is a colour in this mode, those included that stand for another."""
    known = dict(tokens()[mode])
    aliases = re.findall(r"^  --gw-([\w-]+): var\(--gw-([\w-]+)\);", (CSS / "tokens.css").read_text(), re.MULTILINE)
    for name, other in aliases:
        known.setdefault(name, known[other])
    return known


def colour(value: str, mode: str) -> Rgb | None:
    """A plain colour as CSS writes it; None for what is none, or lets the ground shine through."""
    if both := re.fullmatch(r"light-dark\((.+?\)), (.+\))\)", value):
        return colour(both[1 if mode == "light" else 2], mode)
    if token := re.fullmatch(r"var\(--gw-([\w-]+)\)", value):
        return palette(mode).get(token[1])
    if plain := re.fullmatch(r"oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)", value):
        return linear_rgb(*(float(part) for part in plain.groups()))
    return None


def pairs(mode: str) -> Iterator[tuple[str, Rgb, Rgb]]:
    known = palette(mode)
    told = list(rules())
    inks = {selector: ink for selector, said in told if (ink := colour(said.get("color", ""), mode)) is not None}
    for selector, said in told:
        back = colour(said.get("background", said.get("background-color", "")), mode)
        # The ground of a pseudo-element is a line, a knot or a bar: drawn, not written on.
        if selector in NO_TEXT or (back is not None and "::" in selector):
            continue
        front = colour(said.get("color", ""), mode)
        if back is not None:
            yield selector, front or inks.get(selector.removesuffix(":hover"), known["ink"]), back
        elif front is not None:
            yield from ((selector, front, known[name]) for name in STANDS_ON.get(selector, SURFACES))


@pytest.mark.parametrize("mode", MODES)
def test_every_text_can_be_read_on_what_it_stands_on(mode):
    faint = {
        f"{selector}: {contrast(front, back):.1f}"
        for selector, front, back in pairs(mode)
        if contrast(front, back) < TEXT
    }
    assert faint == set()


@pytest.mark.parametrize("mode", MODES)
def test_fields_and_the_focus_can_be_told_from_what_they_stand_on(mode):
    known = palette(mode)
    faint = {f"{edge} on {ground}" for edge, ground in EDGES if contrast(known[edge], known[ground]) < GRAPHIC}
    assert faint == set()


def test_the_rules_were_read():
    found = {selector for selector, _front, _back in pairs("light")}
    assert {".btn.main", ".note.fail", ".quiet", ".tag.now"} <= found


def test_every_exception_is_still_a_rule():
    assert (set(STANDS_ON) | set(NO_TEXT)) - {selector for selector, _said in rules()} == set()
