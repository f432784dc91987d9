"""What is forgotten when its time is over. Each app adds its own in `ready()`; the workspace says how long it keeps."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.tenancy.models import Workspace

# Forgets at most so many things of the workspace that are older than the time; how many it forgot.
Forget = Callable[[Workspace, datetime, int], int]

DAYS_OF_A_MONTH = 30.4375


@dataclass(frozen=True, slots=True)
class Rule:
    """`setting` is the field of the workspace that holds the days or months; `counted` names what was forgotten."""

    setting: str
    counted: str
    forget: Forget

    def before(self, workspace: Workspace, now: datetime) -> datetime | None:
        """What is older than this is forgotten; None: nothing is."""
        kept = getattr(workspace, self.setting)
        if kept is None:
            return None
        return now - timedelta(days=kept * (DAYS_OF_A_MONTH if self.setting.endswith("_months") else 1))


_rules: list[Rule] = []


def add(rule: Rule) -> None:
    """Have it obeyed. Called from AppConfig.ready()."""
    if rule not in _rules:
        _rules.append(rule)


def rules() -> list[Rule]:
    return list(_rules)
