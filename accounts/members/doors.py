"""What stands between a member and their workspace: each room says in `ready()` what it asks for first."""

from collections.abc import Callable

from django.http import HttpRequest

from accounts.members.models import Member

# The address to go to first, None where the way is open.
Door = Callable[[HttpRequest, Member], str | None]

_doors: list[Door] = []


def add(door: Door) -> None:
    """Ask this of everybody who enters a workspace, after those added before. Called from AppConfig.ready()."""
    if door not in _doors:
        _doors.append(door)


def in_the_way(request: HttpRequest, member: Member) -> str | None:
    """Where the member must go first, None where the workspace is open to them."""
    return next((address for door in _doors if (address := door(request, member))), None)
