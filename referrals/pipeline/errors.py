from accounts.tenancy.errors import Refusal


class MoveNotPossible(Refusal):
    """The referral cannot go from where it is to where it was sent."""

    code = "move_not_possible"
