"""What a move makes owed, to whom. Rewards see a source key, never the story."""

from datetime import datetime

from accounts.tenancy.actor import Actor
from referrals.pipeline.models import Referral
from referrals.pipeline.stages import triggers_passed
from rewards.grants import actions as grants
from rewards.rules.models import RewardRule

# Introducing a colleague, or somebody we already talk to, is thanked in person.
REWARDED_KINDS = (Referral.Kind.NEW_BUSINESS, Referral.Kind.WIN_BACK)


def grant_for_move(*, referral: Referral, before: str, by: Actor, now: datetime) -> None:
    """Grant what the live rules promise for the stages this move reached or jumped over, once per side."""
    if referral.kind not in REWARDED_KINDS:
        return
    beneficiaries = {
        RewardRule.Side.REFERRER: referral.referrer,
        RewardRule.Side.REFEREE: referral.referee_contact,
    }
    for trigger in triggers_passed(before, referral.stage):
        for side, contact in beneficiaries.items():
            if contact is None:
                continue
            grants.grant(
                workspace=referral.workspace,
                side=side,
                trigger=trigger,
                source_key=f"referral:{referral.pk}:{side.value}",
                source_id=referral.pk,
                contact=contact,
                company=contact.company,
                by=by,
                now=now,
            )
