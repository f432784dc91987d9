"""What a workspace may ask for before it opens: to come by single sign-on, or to have a second factor."""

from datetime import timedelta

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from accounts.members.models import Member, Role
from accounts.signin.queries import domain_of, has_second_factor, proven_domains
from accounts.signin.records import CAME_BY

# The first ask goes out on the first day; a second device may be at home.
GRACE = timedelta(days=7)


def single_sign_on(request: HttpRequest, member: Member) -> str | None:
    """Members of a proven domain come by their company, where the workspace wants it. Owners keep another way in."""
    workspace = member.workspace
    if not workspace.sign_on_required or member.role == Role.OWNER or _came_by_company(request, member):
        return None
    if domain_of(member.email) not in proven_domains(workspace):
        return None
    return reverse("sign-on-wanted", args=[workspace.slug])


def second_factor(request: HttpRequest, member: Member) -> str | None:
    """Some roles need a second factor. Whoever came by single sign-on has shown theirs to their company.

    New members have a week for it; until then the shell reminds them of the day (`request.second_factor_by`).
    """
    if member.role not in member.workspace.second_factor_roles or has_second_factor(member.user):
        return None
    if _came_by_company(request, member):
        return None
    wanted_by = member.created_at + GRACE
    if timezone.now() < wanted_by:
        request.second_factor_by = wanted_by  # type: ignore[attr-defined]
        return None
    return reverse("second-factor-wanted", args=[member.workspace.slug])


def _came_by_company(request: HttpRequest, member: Member) -> bool:
    return request.session.get(CAME_BY) == member.workspace.public_id
