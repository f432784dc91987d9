"""What every page below /app/<workspace>/ has in common."""

from typing import Any, ClassVar

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views import View

from accounts.members import queries
from accounts.members.models import Member
from accounts.members.permissions import Permission, can
from accounts.tenancy.actor import Actor, ActorKind
from accounts.tenancy.models import Workspace
from accounts.tenancy.scope import rendered


class WorkspaceView(LoginRequiredMixin, View):
    """One request, one transaction, one workspace. A stranger sees 404, a member without the permission 403.

    Subclasses name the permission; `write_permission` is asked for anything but reading.
    """

    permission: ClassVar[Permission] = Permission.DASHBOARD_READ
    write_permission: ClassVar[Permission | None] = None

    request: Any

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        with transaction.atomic():
            member = queries.enter(request.user, kwargs.pop("workspace_slug"))
            if member is None:
                raise Http404
            request.member, request.workspace = member, member.workspace
            request.actor = Actor(ActorKind.MEMBER, member.pk)
            self._check_permission(member)
            # Days are cut in the workspace's zone, and times are shown in it.
            with timezone.override(member.workspace.timezone):
                return rendered(super(LoginRequiredMixin, self).dispatch(request, *args, **kwargs))

    def _check_permission(self, member: Member) -> None:
        is_read = self.request.method in ("GET", "HEAD", "OPTIONS")
        wanted = self.permission if is_read else self.write_permission or self.permission
        if not can(member, wanted):
            raise PermissionDenied(f"As {member.get_role_display().lower()} you can't do this. An owner or admin can.")

    @property
    def workspace(self) -> Workspace:
        return self.request.workspace

    @property
    def member(self) -> Member:
        return self.request.member

    @property
    def actor(self) -> Actor:
        return self.request.actor

    def can(self, permission: Permission) -> bool:
        return can(self.member, permission)

    def page(self, template: str, status: int = 200, **context: Any) -> TemplateResponse:
        """A page of the dashboard."""
        return TemplateResponse(self.request, template, context, status=status)
