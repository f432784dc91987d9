"""Contrast of the token pairs, computed from tokens.css itself: OKLCH to sRGB to WCAG 2."""

import math
import re
from pathlib import Path

import pytest

CSS = Path(__file__).parents[2] / "front" / "css"
COLOUR = r"oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)"
Rgb = tuple[float, float, float]

TEXT = [(ink, surface, 4.5) for ink in ("ink", "ink-2", "ink-3") for surface in ("paper", "sheet", "sunk")]
COLOURED = [(f"{family}-ink", f"{family}-tint", 4.5) for family in ("accent", "moment", "clay", "danger", "info")]
ON_SHEET = [(f"{family}-ink", "sheet", 4.5) for family in ("accent", "moment", "clay", "danger", "info")]
FILLS = [("on-accent", fill, 4.5) for fill in ("accent", "accent-hover", "danger", "info")]
GRAPHICS = [
    ("edge", "sheet", 3),
    ("edge", "paper", 3),
    ("edge", "sunk", 3),
    ("accent", "sheet", 3),
    ("clay", "sheet", 3),
]
GRAPHICS += [("stone", "sheet", 3), ("danger", "sheet", 3), ("info", "sheet", 3)]
# Where a current row is tinted in marigold, its small print is ink-2 (and links keep the accent's ink).
ON_MOMENT = [("ink-2", "moment-tint", 4.5), ("accent-ink", "moment-tint", 4.5)]
PAIRS = TEXT + COLOURED + ON_SHEET + FILLS + GRAPHICS + ON_MOMENT


def linear_rgb(lightness: float, chroma: float, hue: float) -> Rgb:
    """OKLCH as linear sRGB, clipped to the gamut."""
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short
    return clip(red), clip(green), clip(blue)


def clip(value: float) -> float:
    return min(max(value, 0.0), 1.0)


def luminance(colour: Rgb) -> float:
    red, green, blue = colour
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Rgb, other: Rgb) -> float:
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def hexadecimal(colour: Rgb) -> str:
    curved = [12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055 for part in colour]
    return "#" + "".join(f"{round(255 * part):02x}" for part in curved)


def tokens() -> dict[str, dict[str, Rgb]]:
    """The light and the dark colour of every token that has both, by mode and bare name."""
    css = (CSS / "tokens.css").read_text()
    found = re.findall(rf"^  --gw-([\w-]+): light-dark\({COLOUR}, {COLOUR}\);", css, flags=re.MULTILINE)
    numbers = {row[0]: [float(number) for number in row[1:]] for row in found}
    return {
        "light": {token: linear_rgb(*parts[:3]) for token, parts in numbers.items()},
        "dark": {token: linear_rgb(*parts[3:]) for token, parts in numbers.items()},
    }


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize(("front", "back", "least"), PAIRS)
def test_what_is_read_can_be_read(mode, front, back, least):
    colours = tokens()[mode]
    assert contrast(colours[front], colours[back]) >= least


def test_black_on_white_is_twenty_one_so_the_arithmetic_is_right():
    assert contrast(linear_rgb(1, 0, 0), linear_rgb(0, 0, 0)) == pytest.approx(21, abs=0.01)


def test_the_ratios_written_beside_the_ink_are_true():
    light, dark = tokens()["light"], tokens()["dark"]
    surfaces = ("sheet", "paper", "sunk")
    computed = [
        (round(contrast(light["ink"], light[on]), 1), round(contrast(dark["ink"], dark[on]), 1)) for on in surfaces
    ]
    assert computed == [(15.8, 14.1), (14.6, 15.2), (13.8, 15.8)]


def test_older_browsers_get_the_same_colours_as_plain_values():
    plain = (CSS / "plain.css").read_text()
    light, dark = plain.split("@media (prefers-color-scheme: dark)")
    written = {
        "light": dict(re.findall(r"--gw-([\w-]+): (#[0-9a-f]{6});", light)),
        "dark": dict(re.findall(r"--gw-([\w-]+): (#[0-9a-f]{6});", dark)),
    }
    computed = {mode: {token: hexadecimal(rgb) for token, rgb in colours.items()} for mode, colours in tokens().items()}
    assert written == computed
