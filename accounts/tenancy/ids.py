"""Public ids in the TypeID shape: a short prefix, an underscore, and a UUID in 26 characters of Crockford base32."""

from collections.abc import Iterable
from uuid import UUID

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
LENGTH = 26

_PAIRS = [first + second for first in ALPHABET for second in ALPHABET]
_VALUES = {character: value for value, character in enumerate(ALPHABET)}


class BadId(ValueError):
    """A public id that cannot be read, or that names another kind of thing."""


def encode(prefix: str, uuid: UUID) -> str:
    """Return the public id of `uuid`, for example "con_01h455vb4pex5vsknk084sn02q"."""
    number = uuid.int
    # Two characters, ten bits, at a time: 130 bits in all.
    return f"{prefix}_{''.join([_PAIRS[number >> shift & 1023] for shift in range(120, -1, -10)])}"


def decode(prefix: str, text: str) -> UUID:
    """Return the UUID in a public id of this kind.

    Raises BadId for another prefix and for anything `encode` cannot have written (upper case, look-alike letters,
    more than 128 bits), so that one thing has exactly one id.
    """
    kind, underscore, code = text.rpartition("_") if isinstance(text, str) else ("", "", "")
    if not underscore or kind != prefix:
        raise BadId(f"This is not an id that starts with “{prefix}_”.")
    # 26 characters hold 130 bits: a first character above 7 would not fit into a UUID.
    if len(code) != LENGTH or code[0] > "7" or not all(character in _VALUES for character in code):
        raise BadId(f"This id cannot be read: after “{prefix}_” come {LENGTH} lower-case letters and digits.")
    number = 0
    for character in code:
        number = number * 32 + _VALUES[character]
    return UUID(int=number)


def as_array(uuids: Iterable[UUID | None]) -> str:
    """The text of a PostgreSQL array, to be cast `::uuid[]`: the driver takes three times as long over a list."""
    return "{" + ",".join(["NULL" if uuid is None else str(uuid) for uuid in uuids]) + "}"
