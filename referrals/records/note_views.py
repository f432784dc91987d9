"""Notes of the team on a person, a company or a referral. They stand in the record's timeline."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from accounts.members.permissions import Permission
from accounts.members.views import WorkspaceView
from accounts.notes import actions
from accounts.notes.actions import Place
from accounts.notes.models import Note
from accounts.tenancy.errors import Refusal
from accounts.tenancy.lookup import find_or_404
from accounts.tenancy.models import TenantModel

_RECORDS = {
    "people": ("contacts", "contact-record"),
    "companies": ("companies", "company-record"),
    "referrals": ("referrals", "referral-record"),
}


class NoteView(WorkspaceView):
    permission: ClassVar[Permission] = Permission.NOTE_WRITE

    def find(self, note_id: str) -> Note:
        rows = self.workspace.notes.filter(deleted_at=None).select_related("contact", "company", "author", "workspace")
        return find_or_404(rows, note_id)

    def place(self, row: TenantModel, url_name: str) -> Place:
        return Place(row, reverse(url_name, args=[self.workspace.slug, row.public_id]))

    def place_of(self, note: Note) -> Place:
        """The record of a note."""
        if note.contact:
            return self.place(note.contact, "contact-record")
        if note.company:
            return self.place(note.company, "company-record")
        return self.place(self.workspace.referrals.get(pk=str(note.subject_id)), "referral-record")

    def act(self, place: Place, do: Callable[[], object], said: str) -> HttpResponseBase:
        """Do it and go back to the record, with what happened or why not."""
        try:
            do()
        except Refusal as refusal:
            if refusal.status == 403:
                raise PermissionDenied(refusal.detail) from refusal
            messages.error(self.request, refusal.detail)
        else:
            messages.success(self.request, said)
        return redirect(f"{place.path}#history")


class WriteNote(NoteView):
    def post(self, request: Any, kind: str, public_id: str) -> HttpResponseBase:
        if kind not in _RECORDS:
            raise Http404
        rows, url_name = _RECORDS[kind]
        place = self.place(find_or_404(getattr(self.workspace, rows), public_id), url_name)
        return self.act(
            place,
            lambda: actions.write_note(
                workspace=self.workspace,
                place=place,
                author=self.member,
                body=request.POST.get("body", ""),
                now=timezone.now(),
            ),
            "Your note stands in the timeline.",
        )


class ChangeNote(NoteView):
    def post(self, request: Any, note_id: str) -> HttpResponseBase:
        note = self.find(note_id)
        place, body = self.place_of(note), request.POST.get("body", "")
        return self.act(
            place,
            lambda: actions.change_note(note=note, place=place, by=self.member, body=body, now=timezone.now()),
            "Changed.",
        )


class TakeBackNote(NoteView):
    def post(self, request: Any, note_id: str) -> HttpResponseBase:
        note = self.find(note_id)
        return self.act(
            self.place_of(note),
            lambda: actions.take_back_note(note=note, by=self.member, now=timezone.now()),
            "Taken back.",
        )
