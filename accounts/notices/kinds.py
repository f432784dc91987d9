"""The kinds of notices: how each is given unless its member chose otherwise, and which do not wait for the morning."""

from collections.abc import Iterable
from dataclasses import dataclass

from accounts.members.models import Role
from accounts.notices.models import Channel, Kind

_ALL = tuple(Channel)
_LEADERS = (Role.OWNER, Role.ADMIN)


@dataclass(frozen=True, slots=True)
class About:
    """`first`: the ways it takes by itself; `offered`: those that can be chosen; `clock`: it comes at any hour.

    `only`: by itself only to these roles; everybody may choose it.
    """

    group: str
    first: tuple[Channel, ...]
    offered: tuple[Channel, ...] = _ALL
    clock: bool = False
    only: tuple[str, ...] = ()

    def first_for(self, role: str) -> tuple[Channel, ...]:
        return self.first if not self.only or role in self.only else ()


_AT_ONCE = (Channel.IN_APP, Channel.MAIL, Channel.SLACK)
_NO_HURRY = (Channel.IN_APP, Channel.DIGEST)

KINDS: dict[Kind, About] = {
    Kind.ASK_NEW: About("The 24-hour clock", _AT_ONCE, clock=True),
    Kind.ASK_HALF_TIME: About("The 24-hour clock", _AT_ONCE, clock=True),
    Kind.ASK_NEARLY_OVER: About("The 24-hour clock", _AT_ONCE, clock=True),
    Kind.ASK_MISSED: About("The 24-hour clock", (Channel.IN_APP, Channel.DIGEST, Channel.SLACK)),
    Kind.LOW_ANSWER: About("Customers", _AT_ONCE),
    Kind.REFERRAL_NEW: About("Customers", _AT_ONCE),
    Kind.REFERRAL_WON: About("Customers", _AT_ONCE),
    Kind.THANKS_LATE: About("Customers", _NO_HURRY),
    Kind.MENTION: About("The team", _AT_ONCE),
    Kind.APPROVAL: About("The team", _NO_HURRY),
    Kind.FILE_DONE: About("The team", (Channel.IN_APP,)),
    Kind.CONNECTION: About("The team", (Channel.IN_APP, Channel.MAIL)),
    # A letter of its own: in a digest there would be no room for it.
    Kind.WEEK: About("The team", (Channel.MAIL,), offered=(Channel.IN_APP, Channel.MAIL, Channel.SLACK), only=_LEADERS),
}


def channels(kind: Kind, *, role: str, chosen: dict[str, Iterable[str]]) -> list[str]:
    """The ways a notice of this kind takes to a member of this role who chose so."""
    about = KINDS[kind]
    wanted = set(chosen[kind]) if kind in chosen else set(about.first_for(role))
    return [channel.value for channel in about.offered if channel in wanted]
