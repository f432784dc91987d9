"""What lies on the desk: a fixed number of queries, whatever their length."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet

from accounts.members.models import Member
from accounts.members.permissions import ROLE_PERMISSIONS, Permission
from accounts.tenancy.models import Workspace
from feedback.moments.models import Moment
from referrals.asks.models import Ask
from referrals.pipeline.models import Referral
from referrals.thanks.models import ThankYou
from rewards.grants.models import Reward

# What was missed or failed lies here for a week; after that it is on the record only.
_MISSED_FOR = timedelta(days=7)
_MOST_ROWS = 100


@dataclass(slots=True)
class Pile:
    """The asks by what they need: the clock, a person's hand, nothing more (leaving); and what else is for today."""

    asks: list[Ask] = field(default_factory=list)
    by_hand: list[Ask] = field(default_factory=list)
    needing: list[Ask] = field(default_factory=list)
    leaving: list[Ask] = field(default_factory=list)
    referrals: list[Referral] = field(default_factory=list)
    thank_yous: list[ThankYou] = field(default_factory=list)
    rewards: list[Reward] = field(default_factory=list)

    @property
    def missed(self) -> int:
        return sum(ask.state == Ask.State.EXPIRED for ask in self.needing)


def pile(*, workspace: Workspace, now: datetime) -> Pile:
    """Everything that waits for somebody at `now`, the most urgent first. Four queries."""
    found = Pile(
        referrals=list(
            workspace.referrals.filter(stage=Referral.Stage.NEW)
            .select_related("referrer__company", "owner")
            .order_by("stage_changed_at", "pk")[:_MOST_ROWS]
        ),
        thank_yous=list(
            workspace.thank_yous.filter(state__in=[ThankYou.State.OWED, ThankYou.State.FAILED])
            .select_related("contact__company", "referral")
            .order_by("due_at", "pk")[:_MOST_ROWS]
        ),
        rewards=list(
            workspace.rewards.filter(state=Reward.State.PENDING_APPROVAL)
            .select_related("contact__company", "company")
            .order_by("granted_at", "pk")[:_MOST_ROWS]
        ),
    )
    for ask in _asks_on_the_desk(workspace, now):
        _heap(found, ask).append(ask)
    return found


def ask_rows(workspace: Workspace) -> QuerySet[Ask]:
    """Asks with everything a slip and an open letter show."""
    return workspace.asks.select_related("contact__company", "moment__response", "program", "link", "sender", "message")


def done_since(*, workspace: Workspace, since: datetime) -> dict[str, int]:
    """{"mails", "calls", "skipped"}: what left the desk since then."""
    return workspace.asks.filter(updated_at__gte=since).aggregate(
        mails=Count("pk", filter=Q(sent_at__gte=since, channel=Ask.Channel.MAIL)),
        calls=Count("pk", filter=Q(sent_at__gte=since, channel=Ask.Channel.CALL)),
        skipped=Count("pk", filter=Q(state=Ask.State.SKIPPED)),
    )


def asked_before(*, ask: Ask) -> datetime | None:
    """When this person was asked the last time before this ask."""
    earlier = ask.workspace.asks.filter(contact_id=ask.contact_id, sent_at__isnull=False).exclude(pk=ask.pk)
    return earlier.order_by("-sent_at").values_list("sent_at", flat=True).first()


def who_can(*, workspace: Workspace, permission: Permission) -> list[str]:
    """First names of members who may do this, managers before owners: they are nearer to the customers."""
    roles = [role for role, permissions in ROLE_PERMISSIONS.items() if permission in permissions]
    names = (
        workspace.members.filter(is_active=True, role__in=roles).order_by("role", "name").values_list("name", "email")
    )
    return [(name or email).split()[0] for name, email in names[:3]]


def zone_of(member: Member, workspace: Workspace) -> ZoneInfo:
    """The clock on this member's wall."""
    return ZoneInfo(member.timezone or workspace.timezone)


def is_by_hand(ask: Ask) -> bool:
    """A draft that a person began: there is no clock on it."""
    return ask.moment is not None and ask.moment.kind == Moment.Kind.MANUAL


def is_call(ask: Ask) -> bool:
    """Somebody has to pick up the phone."""
    return ask.channel == Ask.Channel.CALL or not ask.contact.email


def _asks_on_the_desk(workspace: Workspace, now: datetime) -> QuerySet[Ask]:
    open_ = Q(state__in=[Ask.State.QUEUED, Ask.State.SENDING, Ask.State.UNCONFIRMED])
    missed = Q(state__in=[Ask.State.EXPIRED, Ask.State.FAILED], deadline_at__gt=now - _MISSED_FOR)
    return ask_rows(workspace).filter(open_ | missed).order_by("deadline_at", "pk")[:_MOST_ROWS]


def _heap(found: Pile, ask: Ask) -> list[Ask]:
    if ask.state == Ask.State.SENDING:
        return found.leaving
    if ask.state != Ask.State.QUEUED or ask.problems or is_call(ask):
        return found.needing
    return found.by_hand if is_by_hand(ask) else found.asks
