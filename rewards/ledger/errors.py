from accounts.tenancy.errors import Refusal


class Overspent(Refusal):
    """More would be paid or taken back than is owed."""

    code = "overspent"


class UnbalancedError(ValueError):
    """An entry whose lines do not add up to nothing in each currency: a mistake of ours, never of a user."""
