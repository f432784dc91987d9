from accounts.customers.gate import Verdict
from accounts.tenancy.errors import Refusal


class NotOwed(Refusal):
    """It was said, skipped, or is on its way."""

    code = "thank_you_not_owed"


class SayItInPerson(Refusal):
    """There is no address to write to, or nobody to write as."""

    code = "say_it_in_person"


class LeaveAlone(Refusal):
    """The gate says no. `reasons` as in a verdict."""

    code = "leave_alone"

    @classmethod
    def because(cls, verdict: Verdict) -> "LeaveAlone":
        rows = [reason.as_json() for reason in verdict.reasons]
        return cls(str(rows[0]["detail"]), reasons=rows)
