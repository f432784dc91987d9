from accounts.tenancy.errors import Refusal


class RewardNotPending(Refusal):
    """Approving what is not waiting for approval."""

    code = "reward_not_pending"


class SecondPersonNeeded(Refusal):
    """The amount is above what one person, or a key, may decide."""

    code = "second_person_needed"


class RewardNotApproved(Refusal):
    """Paying what nobody approved, or what was paid before."""

    code = "reward_not_approved"


class RewardNotOpen(Refusal):
    """Cancelling what is paid or ended."""

    code = "reward_not_open"
