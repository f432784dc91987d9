"""Where a referral may go from where it is (docs: POST /referrals/{id}/transitions)."""

from referrals.pipeline.models import Referral

Stage = Referral.Stage

# In order: forward to any later one.
OPEN = (Stage.NAMED, Stage.NEW, Stage.CONTACTED, Stage.MEETING_BOOKED, Stage.MET, Stage.QUALIFIED)
ENDS = (Stage.WON, Stage.LOST, Stage.REJECTED)
# Stages on which something may be owed, in order.
TRIGGERS = (Stage.MET, Stage.QUALIFIED, Stage.WON)


def may_move(before: str, after: str) -> bool:
    """Whether the move is one the pipeline knows. Staying where one is is no move."""
    if before == Stage.LOST:
        return after == Stage.CONTACTED
    if before not in OPEN:
        return False
    return after in ENDS or (after in OPEN and OPEN.index(after) > OPEN.index(before))


def triggers_passed(before: str, after: str) -> list[str]:
    """The rewarded stages a move reaches or jumps over: new to won passes met, qualified and won."""
    order = (*OPEN, Stage.WON)
    if after not in order:
        return []
    # From lost a referral starts again where it is sent, so nothing before that is passed.
    start = order.index(before) if before in order else order.index(after) - 1
    return [stage for stage in TRIGGERS if start < order.index(stage) <= order.index(after)]
