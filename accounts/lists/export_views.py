"""Files of lists: asked for, watched, cancelled, downloaded."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from accounts.lists import actions, exporting, queries, spec
from accounts.lists.errors import ExportNotReady
from accounts.lists.models import Export
from accounts.lists.views import ChosenRows
from accounts.members.views import WorkspaceView
from accounts.tenancy.errors import Refusal
from accounts.tenancy.lookup import find_or_404

_MOST_SHOWN = 30


class StartExport(ChosenRows):
    """A file of what the address finds, or of the rows chosen one by one; only columns this member may see."""

    def post(self, request: Any, list_name: str) -> HttpResponseBase:
        if not self.can(self.spec.permission):
            raise PermissionDenied("These rows are not shown to you, so there is no file of them either.")
        chosen_ids = self.ids if self.ids else None
        try:
            actions.start_export(chosen=self.chosen, by=self.actor, now=timezone.now(), chosen_ids=chosen_ids)
        except Refusal as refusal:
            messages.error(request, refusal.detail)
            return self.back()
        return redirect("exports", self.workspace.slug)


class Exports(WorkspaceView):
    """The member's own files; with htmx only the rows, while one is being written."""

    def get(self, request: Any) -> HttpResponseBase:
        rows = list(queries.exports_of(member=self.member)[:_MOST_SHOWN])
        for row in rows:
            found = spec.find(row.list_name)
            row.nouns = found.nouns if found else row.list_name  # type: ignore[attr-defined]
        template = "accounts/lists/_exports.html" if request.htmx else "accounts/lists/exports.html"
        return self.page(template, rows=rows, is_open=any(row.is_open for row in rows), now=timezone.now())


class OneExport(WorkspaceView):
    """A file of one's own; anybody else's does not exist."""

    def find(self, export_id: str) -> Export:
        rows = queries.exports_of(member=self.member).select_related("workspace", "member")
        return find_or_404(rows, export_id)


class CancelExport(OneExport):
    def post(self, request: Any, export_id: str) -> HttpResponseBase:
        export = actions.cancel_export(export=self.find(export_id), now=timezone.now())
        if export.state == Export.State.CANCELLED:
            messages.success(request, "Cancelled. Nothing of it is kept.")
        return redirect("exports", self.workspace.slug)


class DownloadExport(OneExport):
    def get(self, request: Any, export_id: str) -> HttpResponseBase:
        export = self.find(export_id)
        try:
            content = exporting.content_of(export=export)
        except ExportNotReady as refusal:
            messages.error(request, refusal.detail)
            return redirect("exports", self.workspace.slug)
        day = timezone.localtime(export.created_at).date()
        return StreamingHttpResponse(
            content,
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{export.list_name}-{day}.csv"'},
        )
