"""How asks say no."""

from collections.abc import Iterable
from typing import Any

from accounts.customers.gate import Reason
from accounts.tenancy.errors import Refusal
from referrals.asks.models import Ask


class AskNotOpen(Refusal):
    """The ask has left the state in which this can be done."""

    code = "ask_not_open"

    @classmethod
    def of(cls, ask: Ask) -> "AskNotOpen":
        return cls(f"This ask is already {ask.get_state_display().lower()}.")


class MailIsLeaving(Refusal):
    """The mail is being handed over at this moment."""

    code = "mail_is_leaving"


class DraftStopped(Refusal):
    """The text has a problem that a person must mend first."""

    code = "draft_stopped"

    @classmethod
    def of(cls, problems: list[dict[str, Any]]) -> "DraftStopped":
        return cls(problems[0]["detail"], problems=problems)


class LeaveAlone(Refusal):
    """The gate says no. `reasons` as in a verdict."""

    code = "leave_alone"

    @classmethod
    def because(cls, reasons: Iterable[Reason]) -> "LeaveAlone":
        rows = [reason.as_json() for reason in reasons]
        return cls(str(rows[0]["detail"]), reasons=rows)


class NoProgram(Refusal):
    """There is no live program that fits the contact."""

    code = "no_program"


class TooLate(Refusal):
    """Nobody would remember the answer this ask speaks of."""

    code = "too_late"


class EnoughForToday(Refusal):
    """The warm start asks at most some people a day."""

    code = "enough_for_today"
