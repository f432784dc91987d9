"""Everything that holds people back, in plain words, with the values that hold now.

No value is written down a second time: each is read from where it is obeyed.
"""

from calendar import day_name
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.utils.text import get_text_list

from accounts.customers import gate
from accounts.tenancy.models import Workspace
from accounts.tenancy.money import Money
from accounts.tenancy.money import format as money_words
from referrals.asks import clock, intake, reminders, rests
from referrals.asks.circumstances import SENT_BY_PEOPLE_TO_LEARN
from referrals.programs.models import Program

_POLICIES = {
    Program.Policy.ASSISTED: "leaves by itself unless somebody acts",
    Program.Policy.AUTOMATIC: "leaves at the first polite minute",
    Program.Policy.MANUAL: "leaves only by hand",
    Program.Policy.CALL_FIRST: "a call first, the mail as fallback",
}


@dataclass(frozen=True, slots=True)
class Rail:
    """One rule: what it says, its value now, and why where that is not plain. `url_name` where it can be changed."""

    rule: str
    value: str
    why: str = ""
    url_name: str = ""


def rails_of(workspace: Workspace) -> dict[str, list[Rail]]:
    """All of them by what they are about. One statement."""
    programs = workspace.programs.filter(state=Program.State.LIVE).order_by("priority", "pk")
    return {
        "When somebody is asked": [*_clock(workspace), *(_program(program) for program in programs)],
        "How often": _often(workspace),
        "Who is left alone": _left_alone(),
        "What nobody has to decide alone": _together(workspace),
    }


def _clock(workspace: Workspace) -> list[Rail]:
    day = f"{workspace.polite_starts:%H:%M} to {workspace.polite_ends:%H:%M}, {_days(workspace.working_days)}"
    fallback = f"{workspace.fallback_starts:%H:%M} to {workspace.fallback_ends:%H:%M}, also on weekends"
    waits = workspace.weekends == Workspace.Weekends.WAIT
    return [
        Rail("After a high score an ask is made within", _span(clock.PROMISE), "Later it is shown as missed."),
        Rail(
            "Mail arrives in their daytime",
            day,
            "By the clock of the person who gets it, without their holidays.",
            url_name="settings-hours",
        ),
        Rail(
            "Where no working day fits into the 24 hours",
            "wait for the next working day" if waits else fallback,
            url_name="settings-hours",
        ),
        Rail("After “send” you can take it back for", f"{clock.UNDO.seconds} seconds"),
        Rail(
            "Until people have sent so many asks, drafts wait for the last polite minute",
            str(SENT_BY_PEOPLE_TO_LEARN),
            "You read the first ones yourself.",
        ),
        Rail("Executives, sponsors and your largest customers", "only by hand"),
    ]


def _program(program: Program) -> Rail:
    value = _POLICIES[Program.Policy(program.policy)]
    return Rail(f"A draft of “{program.name}”", value, url_name="program-list")


def _often(workspace: Workspace) -> list[Rail]:
    return [
        Rail("After an answer they rest", _span(rests.AFTER_AN_ANSWER)),
        Rail("After silence", _span(rests.AFTER_SILENCE)),
        Rail("After a no", _span(rests.AFTER_A_NO)),
        Rail("Silences in a row that stop until a person reopens", str(gate.SILENCES_THAT_STOP)),
        Rail("One reminder, after working days", str(reminders.REMIND_AFTER_WORKING_DAYS), "The only one."),
        Rail(
            "At one company at most",
            f"{gate.ASKS_PER_WEEK} a week, {gate.ASKS_PER_QUARTER} a quarter",
            "Colleagues talk.",
        ),
        Rail("People asked by hand a day", str(workspace.warm_start_per_day), url_name="settings-workspace"),
    ]


def _left_alone() -> list[Rail]:
    return [
        Rail("After a low score", _span(gate.LOW_ANSWER_RESTS), "First make it right. What was queued is taken back."),
        Rail("Before a renewal that is not signed", _span(gate.RENEWAL_IS_NEAR)),
        Rail("A good mark for one support case", f"no ask before {_span(intake.PROVEN_TENURE)} as a customer"),
        Rail("Trial, notice given, gone", "never"),
        Rail("An open support case, deal or overdue invoice", "until it is closed"),
        Rail("Shared addresses, such as info@", "never"),
        Rail("Whoever asked not to be asked", "never again", "It holds even after their data is erased."),
        Rail("Their friend", "never written to first", "Only the customer passes it on."),
    ]


def _together(workspace: Workspace) -> list[Rail]:
    limit = money_words(Money(workspace.approval_limit_minor, workspace.currency))
    return [
        Rail("A reward above this needs a second person", limit, url_name="settings-workspace"),
        Rail("A customer’s company is named", "only where it may be", "Unknown counts as no on public posts."),
        Rail("A comment is quoted", "only where a person ticked the sentence"),
    ]


def _days(weekdays: Sequence[int]) -> str:
    """The days of a week (Monday is 0) in words: "Monday to Friday", "Sunday, Monday and Tuesday"."""
    days = sorted(weekdays)
    if len(days) > 2 and days == list(range(days[0], days[-1] + 1)):
        return f"{day_name[days[0]]} to {day_name[days[-1]]}"
    return get_text_list([day_name[day] for day in days], "and")


def _span(length: timedelta) -> str:
    if length <= clock.PROMISE:
        return f"{length // timedelta(hours=1)} hours"
    return f"{length.days} days"
