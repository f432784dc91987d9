"""Who did it: goes into every action as `by` and into every event."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class ActorKind(StrEnum):
    MEMBER = "member"
    API_KEY = "api_key"
    CONTACT = "contact"
    SYSTEM = "system"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Actor:
    kind: ActorKind
    id: UUID | None = None

    @property
    def is_person_of_the_team(self) -> bool:
        """A signed-in member decided, not a key, a customer or a timer."""
        return self.kind == ActorKind.MEMBER


SYSTEM = Actor(ActorKind.SYSTEM)
