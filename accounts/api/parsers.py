"""JSON as the standard has it."""

import json
from typing import Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

_MAX_DEPTH = 32


class StrictJSONParser(JSONParser):
    """Refuses what PostgreSQL or a reader could not take: NUL, lone surrogates, NaN, absurd depth, repeated names."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        try:
            text = stream.read().decode("utf-8")
            data = json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_refuse_repeats)
        except RecursionError as error:
            raise ParseError("This is nested too deeply.") from error
        except (ValueError, UnicodeDecodeError) as error:
            raise ParseError(f"This is not JSON: {error}") from error
        _check(data, 0)
        return data


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not a number in JSON")


def _refuse_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    if len(set(names)) != len(names):
        raise ValueError("a name is given twice in one object")
    return dict(pairs)


def _check(value: Any, depth: int) -> None:
    if depth > _MAX_DEPTH:
        raise ParseError("This is nested too deeply.")
    if isinstance(value, str):
        if "\x00" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
            raise ParseError("A text holds a character that can't be stored.")
    elif isinstance(value, dict):
        for name, inner in value.items():
            _check(name, depth + 1)
            _check(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            _check(inner, depth + 1)
