"""Saved views: kept, changed, thrown away."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from accounts.lists import actions, spec
from accounts.lists.choosing import chosen_of
from accounts.lists.forms import ViewForm
from accounts.lists.models import SavedView
from accounts.lists.views import ChosenRows
from accounts.members.views import WorkspaceView
from accounts.tenancy.errors import Refusal
from accounts.tenancy.lookup import find_or_404


class SaveView(ChosenRows):
    """Keep what stands in the address."""

    def post(self, request: Any, list_name: str) -> HttpResponseBase:
        form = ViewForm(request.POST)
        if not form.is_valid():
            messages.error(request, "Give the view a name you will know again.")
            return self.back()
        told = form.cleaned_data
        try:
            view = actions.save_view(
                workspace=self.workspace,
                member=self.member,
                list_name=self.spec.name,
                name=told["name"],
                query=self.chosen.query(),
                shared=told["shared"],
            )
        except Refusal as refusal:
            messages.error(request, refusal.detail)
            return self.back()
        if told["default"]:
            actions.set_default(workspace=self.workspace, member=self.member, list_name=self.spec.name, view=view)
        messages.success(request, f"Kept as “{view.name}”.")
        return open_view(view)


class OneView(WorkspaceView):
    """A view the member may open; only its owner changes it."""

    def find(self, view_id: str) -> SavedView:
        rows = self.workspace.saved_views.filter(Q(owner=self.member) | Q(shared=True))
        return find_or_404(rows.select_related("workspace"), view_id)

    def own(self, view_id: str) -> SavedView:
        view = self.find(view_id)
        if view.owner_id != self.member.pk:
            raise PermissionDenied("Only the colleague who made this view can change it. You can keep one of your own.")
        return view


class ChangeView(OneView):
    def post(self, request: Any, view_id: str) -> HttpResponseBase:
        view, form = self.own(view_id), ViewForm(request.POST)
        if not form.is_valid():
            messages.error(request, "Give the view a name you will know again.")
            return open_view(view)
        told = form.cleaned_data
        try:
            view = actions.change_view(view=view, name=told["name"], shared=told["shared"], query=self._seen(view))
        except Refusal as refusal:
            messages.error(request, refusal.detail)
            return open_view(view)
        _set_default(self, view, wanted=told["default"])
        messages.success(request, f"“{view.name}” is kept.")
        return open_view(view)

    def _seen(self, view: SavedView) -> str | None:
        """What is seen now, if it is to be the view from now on."""
        found = spec.find(view.list_name)
        if found is None or "query" not in self.request.POST:
            return None
        return chosen_of(found, self.member, QueryDict(self.request.POST["query"][:1000])).query()


class FindFirst(OneView):
    """Find the list in this view from now on, or no longer; anybody who may open it."""

    def post(self, request: Any, view_id: str) -> HttpResponseBase:
        view = self.find(view_id)
        _set_default(self, view, wanted=request.POST.get("default") == "on")
        return open_view(view)


class DeleteView(OneView):
    def post(self, request: Any, view_id: str) -> HttpResponseBase:
        view = self.own(view_id)
        actions.delete_view(view=view)
        messages.success(request, f"The view “{view.name}” is gone. The rows are not.")
        return redirect(list_address(view))


def _set_default(page: WorkspaceView, view: SavedView, *, wanted: bool) -> None:
    """A default of another view stays where this one is merely not wanted."""
    about: dict[str, Any] = {"workspace": page.workspace, "member": page.member, "list_name": view.list_name}
    if wanted:
        actions.set_default(**about, view=view)
    elif view.default_views.filter(member=page.member).exists():
        actions.set_default(**about, view=None)


def list_address(view: SavedView) -> str:
    """The address of the view's list."""
    found = spec.find(view.list_name)
    return reverse(found.url_name if found else "today", args=[view.workspace.slug])


def open_view(view: SavedView) -> HttpResponseBase:
    """To the list, seen through this view."""
    return redirect(f"{list_address(view)}?view={view.public_id}&{view.query}")
