"""Where a link leads, and where its owner looks after it."""

from django.conf import settings

from accounts.tenancy import tokens
from referrals.links.models import Link

ADVOCATE = "advocate"


def landing_url(link: Link) -> str:
    """What the friend opens: `/r/<code>`."""
    return f"{settings.BASE_URL}{landing_path(link)}"


def landing_path(link: Link) -> str:
    """The same without the host."""
    return f"/r/{link.code}"


def advocate_url(link: Link) -> str:
    """What the contact opens: `/a/<token>`. Works until the link's nonce changes."""
    token = tokens.make(ADVOCATE, workspace_id=link.workspace_id, object_id=link.pk, nonce=str(link.nonce))
    return f"{settings.BASE_URL}/a/{token}"
