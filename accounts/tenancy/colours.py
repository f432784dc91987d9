"""What becomes of a workspace's colour: the look keeps it readable by moving its lightness, and here that is measured.

OKLCH as in CSS Color 4; contrast as in WCAG 2.2. The limits are those of front/css/tokens.css.
"""

import math
from dataclasses import dataclass

# From this OKLCH lightness on a colour carries ink instead of white.
BRIGHT_FROM = 0.72
_MOST_CHROMA = 0.16
_DARKEST_INK = "16241e"

_TO_LMS = (
    (0.4122214708, 0.5363325363, 0.0514459929),
    (0.2119034982, 0.6806995451, 0.1073969566),
    (0.0883024619, 0.2817188376, 0.6299787005),
)
_TO_LAB = (
    (0.2104542553, 0.7936177850, -0.0040720468),
    (1.9779984951, -2.4285922050, 0.4505937099),
    (0.0259040371, 0.7827717662, -0.8086757660),
)


@dataclass(frozen=True, slots=True)
class Reading:
    """How one use of the colour looks: `fill` and the `words` on it, both rrggbb, their contrast, and a sentence."""

    where: str
    fill: str
    words: str
    contrast: float
    sentence: str


def is_bright(digits: str) -> bool:
    """Whether the colour `rrggbb` has an OKLCH lightness of 0.72 or more: yellow, lime, sky."""
    return oklch(digits)[0] >= BRIGHT_FROM


def readings(digits: str) -> list[Reading]:
    """What the colour `rrggbb` looks like on buttons and links, by day and in the dark."""
    light, chroma, hue = oklch(digits)
    links = _hex(min(light, 0.46), min(chroma, _MOST_CHROMA), hue)
    if is_bright(digits):
        fill = _hex(max(light, 0.76), min(chroma, _MOST_CHROMA), hue)
        return [
            _reading("Buttons", fill, _DARKEST_INK, "Your bright colour stays, with dark words on it."),
            _reading("Links", "ffffff", links, "Links use a deeper one of the same hue, so that they can be read."),
        ]
    day = _hex(min(light, 0.5), min(chroma, _MOST_CHROMA), hue)
    night = _hex(max(light, 0.76), min(chroma, 0.13), hue)
    said = "A little darker than yours, with white words on it."
    if light <= 0.5:
        said = "Your colour as it is, with white words on it."
        if chroma > _MOST_CHROMA:
            said = "Your colour, a little less glaring, with white words on it."
    return [
        _reading("Buttons", day, "ffffff", said),
        _reading("Links", "ffffff", links, "Links are words in your colour, deep enough to read."),
        _reading("In the dark", night, _DARKEST_INK, "Where somebody's screen is dark, a lighter one with dark words."),
    ]


def contrast(one: str, other: str) -> float:
    """The contrast of two colours `rrggbb`, 1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def oklch(digits: str) -> tuple[float, float, float]:
    """Lightness 0 to 1, chroma, and hue in radians of the colour `rrggbb`."""
    rgb = [_linear(part) for part in _parts(digits)]
    roots = [math.cbrt(_dot(row, rgb)) for row in _TO_LMS]
    lightness, a, b = (_dot(row, roots) for row in _TO_LAB)
    return lightness, math.hypot(a, b), math.atan2(b, a)


def _reading(where: str, fill: str, words: str, sentence: str) -> Reading:
    return Reading(where, fill, words, round(contrast(fill, words), 1), sentence)


def _hex(lightness: float, chroma: float, hue: float) -> str:
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    rgb = (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )
    return "".join(f"{round(255 * _curved(min(max(part, 0.0), 1.0))):02x}" for part in rgb)


def _luminance(digits: str) -> float:
    return _dot((0.2126, 0.7152, 0.0722), [_linear(part) for part in _parts(digits)])


def _parts(digits: str) -> list[float]:
    return [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _curved(part: float) -> float:
    return part * 12.92 if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055


def _dot(row: tuple[float, ...], values: list[float]) -> float:
    return sum(one * other for one, other in zip(row, values, strict=True))
