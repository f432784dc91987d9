"""Who is meant by "@dana": first names where one colleague has it, else the whole name or the part before the @."""

import re
from collections import Counter
from collections.abc import Iterable

from accounts.members.models import Member

_MENTION = re.compile(r"(?<![\w@.])@([\w.\-]+)")


def handles(members: Iterable[Member]) -> dict[str, Member]:
    """What may follow the "@", in lower case, and whom it means; what would mean two people means nobody."""
    told: list[tuple[str, Member]] = []
    for member in members:
        name = member.name.lower().split()
        mine = {"".join(name), member.email.lower().partition("@")[0], name[0] if name else ""}
        told += [(handle, member) for handle in mine if handle]
    times = Counter(handle for handle, _member in told)
    return {handle: member for handle, member in told if times[handle] == 1}


def mentioned(body: str, members: Iterable[Member]) -> list[Member]:
    """The colleagues a text names, each once, in its order."""
    known = handles(members)
    found = [known.get(handle.lower().rstrip(".-")) for handle in _MENTION.findall(body)]
    return list(dict.fromkeys(member for member in found if member is not None))


def short_handle(member: Member, members: Iterable[Member]) -> str:
    """The shortest way to name somebody: "dana", or "danalopez" where there are two."""
    mine = [handle for handle, one in handles(members).items() if one == member]
    return min(mine, key=len, default="")
