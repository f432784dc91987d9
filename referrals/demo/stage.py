"""What the scenes of the demo play on."""

from dataclasses import dataclass

from accounts.customers.models import Company, Contact
from accounts.members.models import Member
from accounts.tenancy.actor import Actor, ActorKind
from accounts.tenancy.models import Workspace


@dataclass(frozen=True, slots=True)
class Stage:
    """What the scenes play on: the workspace, its team and its customers by the names of the cast."""

    workspace: Workspace
    team: dict[str, Member]
    companies: dict[str, Company]
    people: dict[str, Contact]

    def by(self, key: str) -> Actor:
        return Actor(ActorKind.MEMBER, self.team[key].pk)
