from accounts.tenancy.errors import InvalidInput, Refusal


class NotThisState(Refusal):
    """Suspending what is suspended, calling back what is not closing."""

    code = "workspace_state"


class NotConfirmed(InvalidInput):
    """Something else was typed than the name in the address."""

    code = "not_confirmed"
