"""What the team is told of a referral: who, how the two know each other, and what was said; and that it is won."""

from datetime import datetime

from django.urls import reverse

from accounts.members.models import Member
from accounts.notices import actions as notices
from accounts.notices import recipients
from accounts.notices.actions import News
from accounts.notices.models import Kind, Notice
from accounts.tenancy.models import Workspace
from accounts.tenancy.money import Money
from accounts.tenancy.money import format as money_words
from referrals.pipeline.models import Referral


def tell_owner(*, workspace: Workspace, referral: Referral, owner: Member, now: datetime) -> list[Notice]:
    """Tell whoever looks after a referral that it just arrived, once; their deputy while they are away."""
    news = News(
        kind=Kind.REFERRAL_NEW,
        key=f"referral:{referral.pk}:arrived",
        title=subject(referral),
        text=body(referral),
        path=_path(workspace, referral),
    )
    reader = recipients.instead_of(owner, workspace=workspace, now=now)
    return notices.tell(workspace=workspace, members=[reader] if reader else [], news=news, now=now)


def tell_won(*, workspace: Workspace, referral: Referral, now: datetime) -> list[Notice]:
    """Tell whoever looks after it, and whoever looks after the advocate: they have somebody to thank."""
    advocate = referral.referrer
    owner = advocate.company.owner if advocate and advocate.company else None
    readers = [recipients.instead_of(one, workspace=workspace, now=now) for one in (referral.owner, owner)]
    value = money_words(Money(referral.deal_value_minor or 0, referral.deal_currency))
    thanks = f" {advocate.name} referred them: say thank you." if advocate else ""
    news = News(
        kind=Kind.REFERRAL_WON,
        key=f"referral:{referral.pk}:won",
        title=f"{_who(referral)} is a customer",
        text=f"Won with {value}.{thanks}",
        path=_path(workspace, referral),
    )
    members = {reader.pk: reader for reader in readers if reader}
    return notices.tell(workspace=workspace, members=list(members.values()), news=news, now=now)


def subject(referral: Referral) -> str:
    """ "Jamie Okafor introduces Kim Park of Globex"."""
    who = _who(referral)
    text = f"{referral.referrer.name} introduces {who}" if referral.referrer else f"A referral: {who}"
    return " ".join(text.split())[:300]


def body(referral: Referral) -> str:
    """Only what is known, one fact a line."""
    facts = [
        ("How they know each other", referral.relation),
        ("What was said", referral.advocate_note),
        ("What they wish for", referral.wishes),
        ("Role", referral.referee_title),
        ("E-mail", referral.referee_email),
        ("Phone", referral.referee_phone),
        ("Please note", referral.decision),
    ]
    return "\n".join(f"{name}: {value}" for name, value in facts if value)


def _who(referral: Referral) -> str:
    return (
        f"{referral.referee_name} of {referral.referee_company_name}"
        if referral.referee_company_name
        else (referral.referee_name)
    )


def _path(workspace: Workspace, referral: Referral) -> str:
    return reverse("referral-record", args=[workspace.slug, referral.public_id])
