"""Looking at pairs that may be one: merge them, or say that they are two."""

from typing import Any, ClassVar

from django.contrib import messages
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from accounts.customers import duplicates
from accounts.members.permissions import Permission
from accounts.members.views import WorkspaceView
from accounts.tenancy.errors import Refusal
from accounts.tenancy.lookup import find_or_404

_ROWS = {"people": "contacts", "companies": "companies"}


class Duplicates(WorkspaceView):
    write_permission: ClassVar[Permission | None] = Permission.CUSTOMER_WRITE

    def get(self, request: Any) -> HttpResponseBase:
        people, companies = duplicates.pairs(workspace=self.workspace)
        return self.page(
            "accounts/customers/duplicates.html",
            people=people,
            companies=companies,
            count=len(people) + len(companies),
            may_change=self.can(Permission.CUSTOMER_WRITE),
        )


class JudgePair(WorkspaceView):
    """The two rows of a pair come in the form, by their public ids."""

    permission: ClassVar[Permission] = Permission.CUSTOMER_WRITE

    def row(self, kind: str, name: str) -> Any:
        if kind not in _ROWS:
            raise Http404
        return find_or_404(getattr(self.workspace, _ROWS[kind]), self.request.POST.get(name, ""))

    def judged(self, said: str) -> HttpResponseBase:
        messages.success(self.request, said)
        return redirect("duplicates", self.workspace.slug)

    def refused(self, refusal: Refusal) -> HttpResponseBase:
        messages.error(self.request, refusal.detail)
        return redirect("duplicates", self.workspace.slug)


class Merge(JudgePair):
    """`keep` is one of the pair; the other becomes a part of it."""

    def post(self, request: Any, kind: str) -> HttpResponseBase:
        keep, merge = self.row(kind, "one"), self.row(kind, "other")
        if request.POST.get("keep") == merge.public_id:
            keep, merge = merge, keep
        try:
            kept = duplicates.merge(workspace=self.workspace, keep=keep, merge=merge, by=self.actor, now=timezone.now())
        except Refusal as refusal:
            return self.refused(refusal)
        return self.judged(f"{kept} is one record now.")


class SayTwo(JudgePair):
    def post(self, request: Any, kind: str) -> HttpResponseBase:
        one, other = self.row(kind, "one"), self.row(kind, "other")
        try:
            duplicates.say_two(workspace=self.workspace, one=one, other=other, by=self.actor, now=timezone.now())
        except Refusal as refusal:
            return self.refused(refusal)
        return self.judged("Two they are. This pair does not come back.")
