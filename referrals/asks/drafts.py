"""Drafts of asks: a program's text and the facts about one contact become a mail, or problems in words.

The language is a small part of Liquid: facts, conditions and filters from lists below. No loops, no assignments, no
includes; a value is never read as text to fill in. What a fact is called, and what is said where it is missing: TOKENS.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TextIO

from liquid import Environment, RenderContext
from liquid.ast import Node
from liquid.builtin import content, illegal, output
from liquid.builtin.expressions import FilteredExpression, Path
from liquid.builtin.expressions.primitive import RangeLiteral
from liquid.builtin.filters import misc, string
from liquid.builtin.tags import case_tag, if_tag, unless_tag
from liquid.exceptions import LiquidError, UndefinedError
from liquid.expression import Expression
from liquid.output import LimitedStringIO
from liquid.stringify import to_liquid_string
from liquid.template import BoundTemplate
from liquid.undefined import FalsyStrictUndefined

from referrals.asks.tokens import NUMBERS, TOKENS

MOST_CHARACTERS = 8_000
MOST_BYTES_WRITTEN = 20_000
MOST_CHARACTERS_OF_A_FACT = 1_000
MOST_TAGS = 100
MOST_FILTERS_IN_A_ROW = 8
# Nothing that reads a time, decodes, or makes a text longer than the sum of its parts (`replace` can, when chained).
FILTERS = {
    "append": string.append,
    "capitalize": string.capitalize,
    "default": misc.default,
    "downcase": string.downcase,
    "lstrip": string.lstrip,
    "prepend": string.prepend,
    "remove": string.remove,
    "remove_first": string.remove_first,
    "remove_last": string.remove_last,
    "replace_first": string.replace_first,
    "replace_last": string.replace_last,
    "rstrip": string.rstrip,
    "size": misc.size,
    "slice": string.slice_,
    "squish": string.squish,
    "strip": string.strip,
    "strip_newlines": string.strip_newlines,
    "truncate": string.truncate,
    "truncatewords": string.truncatewords,
    "upcase": string.upcase,
    "url_encode": string.url_encode,
}

_GROUPS = frozenset(token.partition(".")[0] for token in TOKENS)
_RECORD = object()  # no text can name this key of the context
_CONTROLS = dict.fromkeys([*range(9), *range(14, 28), 127, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_SPACES = re.compile(r"(?<=\S)[ \t]{2,}(?=\S)")
_LINE_ENDS = re.compile(r"[ \t]+(?=\n)|[ \t]+\Z")
_EMPTY_LINES = re.compile(r"\n{3,}")


@dataclass(frozen=True)
class Fact:
    """A value that may be mentioned, and where it comes from ("Contact", "Outcome approved by Kim")."""

    value: str
    source: str


@dataclass(frozen=True)
class UsedFact:
    """A fact as it was put into a draft; shown beside it so that the sender can check it."""

    token: str
    value: str
    source: str


@dataclass(frozen=True)
class Problem:
    """What is wrong with a text: a stable code, a sentence for a person, the token it is about ("" for none)."""

    code: str
    detail: str
    token: str = ""


@dataclass(frozen=True)
class Draft:
    """A mail in plain text. With problems it must not be sent; gaps are shown as "[outcome.summary]"."""

    subject: str
    body: str
    used: list[UsedFact]
    problems: list[Problem]


@dataclass
class _Record:
    """What the outputs of one draft met: facts used and tokens missing, in their order, each once."""

    facts: Mapping[str, str]
    used: dict[str, None] = field(default_factory=dict)
    missing: dict[str, None] = field(default_factory=dict)


@dataclass(frozen=True)
class _Compiled:
    template: BoundTemplate | None
    problems: tuple[Problem, ...]


def check(text: str) -> list[Problem]:
    """Return what would stop a program's text from being filled in, whatever the facts; empty if nothing does."""
    return list(_compile(text).problems)


def write(*, subject: str, body: str, facts: Mapping[str, Fact]) -> Draft:
    """Fill in a program's texts. Never raises for a text or a fact: what is wrong is in `problems`.

    A fact that is absent or blank is missing. Facts not in TOKENS are ignored. A text with a mistake is returned as it
    is; the subject is always one line.
    """
    values = {token: clean for token in TOKENS if token in facts and (clean := _one_line(facts[token].value))}
    record = _Record(values)
    context = _nested(values) | {_RECORD: record}
    written_subject, subject_problems = _fill(subject, context)
    written_body, body_problems = _fill(body, context)
    missing = [Problem("missing_fact", TOKENS[token], token) for token in record.missing]
    return Draft(
        subject=_one_line(written_subject),
        body=_tidy(written_body),
        used=[UsedFact(token, values[token], facts[token].source) for token in record.used],
        problems=list(dict.fromkeys([*subject_problems, *body_problems, *missing])),
    )


class _FactNode(output.OutputNode):
    """An output that notes which facts it wrote, and leaves a visible gap for those that are missing."""

    __slots__ = ("has_default", "tokens")

    def __init__(self, token: object, expression: FilteredExpression) -> None:
        super().__init__(token, expression)  # type: ignore[arg-type]
        self.tokens = [_token(path) for path in _paths(expression)]
        filters = expression.filters or []
        self.has_default = bool(filters) and filters[0].name == "default"

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        record: _Record = context.globals[_RECORD]  # type: ignore[index, assignment]
        missing = [token for token in self.tokens if token not in record.facts]
        if missing and not self.has_default:
            return self._leave_gap(missing, record, buffer)
        try:
            text = to_liquid_string(self.expression.evaluate(context), autoescape=False)
        except UndefinedError:  # the default is missing too
            return self._leave_gap(missing, record, buffer)
        record.used.update(dict.fromkeys(token for token in self.tokens if token in record.facts))
        return buffer.write(text)

    def _leave_gap(self, missing: list[str], record: _Record, buffer: TextIO) -> int:
        record.missing.update(dict.fromkeys(missing))
        return buffer.write(f"[{missing[0]}]")


class _Output(output.Output):
    node_class = _FactNode  # type: ignore[assignment]


class _Language(Environment):
    block_nesting_limit = 5
    output_stream_limit = MOST_BYTES_WRITTEN

    def setup_tags_and_filters(self, *, extra: bool = False) -> None:
        for tag in (
            content.Literal,
            _Output,
            illegal.Illegal,
            if_tag.IfTag,
            unless_tag.UnlessTag,
            case_tag.CaseTag,
        ):
            self.add_tag(tag)
        for name, function in FILTERS.items():
            self.add_filter(name, function)


_LANGUAGE = _Language(undefined=FalsyStrictUndefined)


def _compile(text: str) -> _Compiled:
    if len(text) > MOST_CHARACTERS:
        detail = f"This text is too long: {len(text):,} characters of at most {MOST_CHARACTERS:,}."
        return _Compiled(None, (Problem("text_too_long", detail),))
    return _parse(text)


@lru_cache(maxsize=512)
def _parse(text: str) -> _Compiled:
    if text.count("{{") + text.count("{%") > MOST_TAGS:
        return _Compiled(None, (Problem("too_many_tags", f"This text has more than {MOST_TAGS} placeholders."),))
    try:
        template = _LANGUAGE.from_string(text)
        problems = tuple(dict.fromkeys(_mistakes(template)))
    except LiquidError as error:
        return _Compiled(None, (Problem("syntax", f"This text cannot be read: {error.message}."),))
    except (RecursionError, ValueError):  # a path in a path in a path; a number of a thousand digits
        return _Compiled(None, (Problem("syntax", "This text cannot be read: a placeholder is too complicated."),))
    return _Compiled(None if problems else template, problems)


def _mistakes(template: BoundTemplate) -> Iterator[Problem]:
    """Yield what is readable but not allowed: other names, other filters, ranges, a whole group as a value."""
    for node in _nodes(template.nodes, RenderContext(template)):
        is_output = isinstance(node, _FactNode)
        for expression in node.expressions():
            for part in _parts(expression):
                yield from _mistakes_of(part, is_output)


def _mistakes_of(part: Expression, is_output: bool) -> Iterator[Problem]:
    if isinstance(part, Path):
        token = _token(part)
        if token not in TOKENS and (is_output or token not in _GROUPS):
            yield Problem("unknown_token", f"There is no “{token}” to fill in.", token)
    elif isinstance(part, RangeLiteral):
        yield Problem("not_allowed", "Ranges are not used in these texts.")
    elif isinstance(part, FilteredExpression):
        filters = part.filters or []
        if len(filters) > MOST_FILTERS_IN_A_ROW:
            yield Problem("too_many_filters", f"One placeholder has more than {MOST_FILTERS_IN_A_ROW} filters.")
        for used in filters:
            if used.name not in FILTERS:
                yield Problem("unknown_filter", f"There is no filter “{used.name}”.", used.name)


def _fill(text: str, context: Mapping[object, object]) -> tuple[str, list[Problem]]:
    compiled = _compile(text)
    if compiled.template is None:
        return text, list(compiled.problems)
    buffer = LimitedStringIO(MOST_BYTES_WRITTEN)
    try:
        scope = RenderContext(compiled.template, globals=context)  # type: ignore[arg-type]
        for node in compiled.template.nodes:
            node.render(scope, buffer)
    except LiquidError as error:
        return text, [Problem("syntax", f"This text cannot be filled in: {error.message}.")]
    return buffer.getvalue(), []


def _nested(values: Mapping[str, str]) -> dict[object, object]:
    """Return {"contact": {"first_name": ...}}: only groups with a fact, so that `if outcome` asks for one."""
    nested: dict[object, object] = {}
    for token, text in values.items():
        value = int(text) if token in NUMBERS and text.isascii() and text.isdigit() and len(text) < 10 else text
        group, dot, name = token.partition(".")
        if dot:
            nested.setdefault(group, {})[name] = value  # type: ignore[index]
        else:
            nested[group] = value
    return nested


def _nodes(nodes: list[Node], context: RenderContext) -> Iterator[Node]:
    for node in nodes:
        yield node
        yield from _nodes(list(node.children(context)), context)


def _parts(expression: Expression) -> Iterator[Expression]:
    yield expression
    for child in expression.children():
        yield from _parts(child)


def _paths(expression: Expression) -> list[Path]:
    return [part for part in _parts(expression) if isinstance(part, Path)]


def _token(path: Path) -> str:
    return ".".join(path.path) if all(isinstance(name, str) for name in path.path) else str(path)  # type: ignore[arg-type]


def _one_line(text: str) -> str:
    return " ".join(text.translate(_CONTROLS).split())[:MOST_CHARACTERS_OF_A_FACT]


def _tidy(text: str) -> str:
    """Close the gaps that a sentence left out by its condition leaves behind."""
    return _EMPTY_LINES.sub("\n\n", _LINE_ENDS.sub("", _SPACES.sub(" ", text.replace("\r\n", "\n")))).strip("\n")
