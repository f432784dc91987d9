"""What the scenes of the demo play on."""

from dataclasses import dataclass
from typing import Any

from accounts.customers.models import Company, Contact
from accounts.members.models import Member
from accounts.tenancy.actor import Actor, ActorKind
from accounts.tenancy.models import Workspace
from referrals.demo import cast


@dataclass(frozen=True, slots=True)
class Stage:
    """What the scenes play on: the workspace, its team and its customers by the names of the cast."""

    workspace: Workspace
    team: dict[str, Member]
    companies: dict[str, Company]
    people: dict[str, Contact]

    def by(self, key: str) -> Actor:
        return Actor(ActorKind.MEMBER, self.team[key].pk)


def stage_of(workspace: Workspace) -> Stage:
    """The stage as far as it is set: the rows of the cast, found by the names they were stored under."""
    hired = {member.title: member for member in workspace.members.all()}
    team = {key: hired[title] for key, (_name, _email, _role, title) in cast.TEAM.items()}
    return Stage(workspace, team, _by_key(workspace.companies), _by_key(workspace.contacts.select_related("company")))


def _by_key(rows: Any) -> dict[str, Any]:
    return {row.external_id.removeprefix("demo-"): row for row in rows.filter(external_id__startswith="demo-")}
