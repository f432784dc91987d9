"""What every page below /app/<workspace>/ has in common."""

from typing import Any, ClassVar
from urllib.parse import urlencode

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views import View
from django_htmx.http import HttpResponseClientRedirect

from accounts.members import doors, queries
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
    # What changes more than a page: the password, or a second factor, is asked for again after a few minutes.
    fresh_sign_in: ClassVar[bool] = False

    request: Any

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        with transaction.atomic():
            member = self._enter(request, kwargs.pop("workspace_slug"))
            if first := doors.in_the_way(request, member):
                return _go_there_first(request, first)
            self._check_permission(member)
            self._check_sign_in_is_fresh()
            # Days are cut in the workspace's zone, and times are shown in it.
            with timezone.override(member.workspace.timezone):
                return rendered(super(LoginRequiredMixin, self).dispatch(request, *args, **kwargs))

    def _enter(self, request: Any, slug: str) -> Member:
        member = queries.enter(request.user, slug)
        if member is None:
            raise Http404
        request.member, request.workspace = member, member.workspace
        request.actor = Actor(ActorKind.MEMBER, member.pk)
        return member

    def _check_permission(self, member: Member) -> None:
        is_read = self.request.method in ("GET", "HEAD", "OPTIONS")
        wanted = self.permission if is_read else self.write_permission or self.permission
        if not can(member, wanted):
            who = "Only an owner can." if wanted == Permission.WORKSPACE_OWN else "An owner or admin can."
            raise PermissionDenied(f"As {member.get_role_display().lower()} you can't do this. {who}")

    def _check_sign_in_is_fresh(self) -> None:
        if self.fresh_sign_in and self.request.method not in ("GET", "HEAD", "OPTIONS"):
            self.ask_for_fresh_sign_in()

    def ask_for_fresh_sign_in(self) -> None:
        """Caught by allauth's middleware: it asks for the password, and then sends what was typed once more."""
        raise_if_reauthentication_required(self.request, app="accounts")

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


class OutsideView(WorkspaceView):
    """A page whose POST needs an answer of another server first.

    The permission is asked in a transaction of its own, then the question goes out without any, then the page runs.
    """

    answer: Any = None

    def ask_outside(self, request: Any, **kwargs: Any) -> Any:
        """What `post` finds as `self.answer`. Runs outside any transaction and any workspace's scope."""
        raise NotImplementedError

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST" and request.user.is_authenticated:
            with transaction.atomic():
                member = self._enter(request, kwargs["workspace_slug"])
                is_open = doors.in_the_way(request, member) is None
                if is_open:
                    self._check_permission(member)
                    self._check_sign_in_is_fresh()
            if is_open:
                self.answer = self.ask_outside(request, **kwargs)
        return super().dispatch(request, *args, **kwargs)


def _go_there_first(request: Any, address: str) -> HttpResponseBase:
    wanted = request.get_full_path() if request.method == "GET" and not request.htmx else reverse(
        "today", args=[request.workspace.slug]
    )  # fmt: skip
    target = f"{address}?{urlencode({'next': wanted})}"
    # A piece of a page is not the place for another page.
    return HttpResponseClientRedirect(target) if request.htmx else redirect(target)
