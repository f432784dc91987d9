"""How this session came in. allauth keeps the list; the keys here are ours."""

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from django.http import HttpRequest

from accounts.members.models import User

# The public id of the workspace whose single sign-on opened this session.
CAME_BY = "came_by"
# When the session's last use was noted, seconds since 1970.
SEEN_AT = "seen_at"
# The page somebody wanted before they were asked for a second factor.
WANTED = "wanted"


def last_proof_at(request: HttpRequest) -> float:
    """When this session last gave a password, code, passkey or came by single sign-on; 0 if it never did."""
    records: list[dict[str, Any]] = get_authentication_records(request, request.user)  # type: ignore[arg-type]
    return max((float(one["at"]) for one in records), default=0.0)


def chose_a_password(request: HttpRequest, user: User) -> None:
    """Whoever has just chosen their password has proven it."""
    record_authentication(request, user, method="password")
