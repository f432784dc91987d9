"""The mail that tells the team at once: who, how the two know each other, and what was said."""

from datetime import datetime
from email.utils import parseaddr

from django.conf import settings

from accounts.mail import actions as mail
from accounts.mail.models import Message
from accounts.members.models import Member
from accounts.tenancy.models import Workspace
from referrals.pipeline.models import Referral


def tell_owner(*, workspace: Workspace, referral: Referral, owner: Member, now: datetime) -> Message:
    """Queue the notice about a referral that just arrived, once per referral."""
    from_name, from_email = parseaddr(settings.DEFAULT_FROM_EMAIL)
    envelope = mail.Envelope(
        to_email=owner.email,
        to_name=owner.name,
        from_email=from_email,
        from_name=from_name,
        subject=subject(referral),
        body_text=body(workspace, referral, owner),
    )
    return mail.queue(
        workspace=workspace,
        kind=Message.Kind.NOTICE,
        key=f"referral:{referral.pk}:arrived",
        envelope=envelope,
        due_at=now,
    )


def subject(referral: Referral) -> str:
    """ "Jamie Okafor introduces Kim Park of Globex"."""
    who = referral.referee_name
    if referral.referee_company_name:
        who = f"{who} of {referral.referee_company_name}"
    text = f"{referral.referrer.name} introduces {who}" if referral.referrer else f"A referral: {who}"
    return " ".join(text.split())[:300]


def body(workspace: Workspace, referral: Referral, owner: Member) -> str:
    """Plain text: only what is known, one fact a line, then the way to it."""
    facts = [
        ("How they know each other", referral.relation),
        ("What was said", referral.advocate_note),
        ("What they wish for", referral.wishes),
        ("Role", referral.referee_title),
        ("E-mail", referral.referee_email),
        ("Phone", referral.referee_phone),
        ("Please note", referral.decision),
    ]
    lines = [f"{name}: {value}" for name, value in facts if value]
    address = f"{settings.BASE_URL}/app/{workspace.slug}/referrals/{referral.public_id}"
    return "\n\n".join([f"{owner.name},", f"{subject(referral)}.", "\n".join(lines), f"It is yours: {address}"])
