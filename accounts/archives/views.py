"""Settings, Take it along: everything of the workspace in one file, for owners."""

from typing import Any, ClassVar

from django.contrib import messages
from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from accounts.archives import actions, tables, zipping
from accounts.archives.models import Archive
from accounts.members.permissions import Permission
from accounts.settings.views import SettingsView
from accounts.tenancy.errors import Refusal
from accounts.tenancy.lookup import find_or_404

_MOST_SHOWN = 10


class ArchivePage(SettingsView):
    permission: ClassVar[Permission] = Permission.WORKSPACE_OWN

    def one(self, archive_id: str) -> Archive:
        return find_or_404(self.workspace.archives.select_related("workspace", "member"), archive_id)

    def back(self) -> HttpResponseBase:
        return redirect("settings-archive", self.workspace.slug)


class Archives(ArchivePage):
    """The files there are; with htmx only the rows, while one is being written. POST asks for a new one."""

    fresh_sign_in: ClassVar[bool] = True

    def get(self, request: Any) -> HttpResponseBase:
        rows = list(self.workspace.archives.select_related("member").order_by("-pk")[:_MOST_SHOWN])
        template = "accounts/archives/_rows.html" if request.htmx else "accounts/archives/list.html"
        now, most = timezone.now(), len(tables.tables())
        return self.settings_page(template, rows=rows, is_open=any(row.is_open for row in rows), now=now, tables=most)

    def post(self, request: Any) -> HttpResponseBase:
        try:
            actions.start(workspace=self.workspace, member=self.member, by=self.actor, now=timezone.now())
        except Refusal as refusal:
            messages.error(request, refusal.detail)
        return self.back()


class CancelArchive(ArchivePage):
    def post(self, request: Any, archive_id: str) -> HttpResponseBase:
        actions.cancel(archive=self.one(archive_id), by=self.actor, now=timezone.now())
        messages.success(request, "Thrown away. Nothing of it is kept.")
        return self.back()


class DownloadArchive(ArchivePage):
    """By POST, so that a sign-in that is not fresh is asked for first; for a file that is not there it is not asked."""

    def post(self, request: Any, archive_id: str) -> HttpResponseBase:
        archive, now = self.one(archive_id), timezone.now()
        self.ask_for_fresh_sign_in()
        try:
            content = zipping.content_of(archive=archive, now=now)
        except Refusal as refusal:
            messages.error(request, refusal.detail)
            return self.back()
        actions.note_download(archive=archive, by=self.actor, now=now)
        name = f"{self.workspace.slug}-{timezone.localtime(archive.created_at).date()}.zip"
        return StreamingHttpResponse(
            content,
            content_type="application/zip",
            headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
        )
