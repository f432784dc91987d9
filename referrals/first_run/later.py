"""What comes after the first ask, and not before it."""

from dataclasses import dataclass

from accounts.members.models import Member
from accounts.members.permissions import Permission, can


@dataclass(frozen=True, slots=True)
class Later:
    title: str
    what: str
    url_name: str
    permission: Permission


_SETTINGS, _PROGRAM = Permission.SETTINGS_MANAGE, Permission.PROGRAM_WRITE
_PAGES = (
    Later("Your sending domain", "So that asks leave by themselves, in your name.", "settings-mail", _SETTINGS),
    Later("Surveys and your CRM", "Scores come in by the API as they happen.", "settings-keys", _SETTINGS),
    Later("Your team", "Who owns which customer, and who stands in.", "settings-team", Permission.TEAM_MANAGE),
    Later("Rewards with money", "What is paid, to whom, and when.", "reward-rules", _PROGRAM),
    Later("The words of the ask", "Your own, once you saw what people answer to.", "program-list", _PROGRAM),
)


def pages(member: Member) -> list[Later]:
    """Those that this member may open."""
    return [page for page in _PAGES if can(member, page.permission)]
