"""Where somebody is signed in."""

import re
from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.adapter import get_adapter
from allauth.usersessions.internal import flows
from allauth.usersessions.models import UserSession
from django.http import HttpRequest

from accounts.members.models import User

# In this order: Edge and Opera call themselves Chrome too, and everybody calls themselves Safari.
_BROWSERS = (
    ("Edge", r"Edg(e|A|iOS)?/"),
    ("Opera", r"OPR/"),
    ("Firefox", r"(Firefox|FxiOS)/"),
    ("Chrome", r"(Chrome|CriOS|Chromium)/"),
    ("Safari", r"Safari/"),
)
_DEVICES = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac", "Macintosh"),
    ("ChromeOS", "CrOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True, slots=True)
class Place:
    """One session as its owner sees it."""

    id: int
    device: str
    address: str
    since: datetime
    last_seen_at: datetime
    is_here: bool


def places(*, request: HttpRequest, user: User) -> list[Place]:
    """Where the user is signed in now, this session first, then the latest used. Ended ones are cleared away."""
    found = [
        Place(one.pk, device_of(one.user_agent), one.ip, one.created_at, one.last_seen_at, one.is_current())
        for one in UserSession.objects.purge_and_list(user)
    ]
    return sorted(found, key=lambda place: (not place.is_here, -place.last_seen_at.timestamp()))


def end(*, request: HttpRequest, user: User, session_id: int) -> bool:
    """Sign out of one session; False where there is no such session of this user. The session here ends too."""
    session = UserSession.objects.filter(user=user, pk=session_id).first()
    if session is None:
        return False
    flows.sessions.end_sessions(request, [session])
    return True


def end_others(*, request: HttpRequest, user: User) -> int:
    """Sign out everywhere but here; gives how many sessions ended."""
    here = request.session.session_key
    others = list(UserSession.objects.filter(user=user).exclude(session_key=here))
    get_adapter().end_sessions(others)
    return len(others)


def device_of(user_agent: str) -> str:
    """`Firefox on Windows`, as far as the browser says."""
    browser = next((name for name, sign in _BROWSERS if re.search(sign, user_agent)), "")
    device = next((name for name, sign in _DEVICES if sign in user_agent), "")
    return " on ".join(part for part in (browser, device) if part) or "An unknown device"
