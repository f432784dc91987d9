"""Notes: written, changed and taken back by their author. Whoever is named is told, once."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.customers.models import Company, Contact
from accounts.events import actions as events
from accounts.members.models import Member
from accounts.members.permissions import Permission, can
from accounts.notes.errors import NotYourNote
from accounts.notes.mentions import mentioned
from accounts.notes.models import Note
from accounts.notices import actions as notices
from accounts.notices.actions import News
from accounts.notices.models import Kind
from accounts.tenancy.actor import Actor, ActorKind
from accounts.tenancy.errors import InvalidInput
from accounts.tenancy.models import TenantModel, Workspace

MOST_LETTERS = 5_000


@dataclass(frozen=True, slots=True)
class Place:
    """The record a note is on: the row, and its path for the mail."""

    row: TenantModel
    path: str


@transaction.atomic
def write_note(*, workspace: Workspace, place: Place, author: Member, body: str, now: datetime) -> Note:
    """Keep a note on a record and tell those it names. Raises InvalidInput for an empty or endless one."""
    note = Note.objects.create(workspace=workspace, author=author, body=_judged(body), **_on(place.row))
    _record("note.written", note, place.row, now)
    _tell(note, place, now)
    return note


@transaction.atomic
def change_note(*, note: Note, place: Place, by: Member, body: str, now: datetime) -> Note:
    """Put other words into one's own note; only who is newly named is told. Raises NotYourNote, InvalidInput."""
    note = _own(note, by)
    note.body, note.edited_at = _judged(body), now
    note.save(update_fields=["body", "edited_at"])
    _tell(note, place, now)
    return note


@transaction.atomic
def take_back_note(*, note: Note, by: Member, now: datetime) -> Note:
    """Take one's own note back: its words are gone for good. Raises NotYourNote."""
    note = _own(note, by)
    note.body, note.deleted_at = "", now
    note.save(update_fields=["body", "deleted_at"])
    return note


def _own(note: Note, by: Member) -> Note:
    rows = Note.objects.select_for_update(of=("self",)).select_related("author", "workspace")
    note = rows.get(pk=note.pk, workspace_id=note.workspace_id)
    if note.author_id != by.pk:
        raise NotYourNote(f"Only {note.author.name} can change this note.")
    if note.deleted_at is not None:
        raise InvalidInput("This note was taken back before.", code="deleted")
    return note


def _judged(body: str) -> str:
    body = body.replace("\x00", "").strip()
    if not body:
        raise InvalidInput("Write a few words first.", code="required", field="body")
    if len(body) > MOST_LETTERS:
        raise InvalidInput(f"At most {MOST_LETTERS:,} letters; these are {len(body):,}.", code="too_long", field="body")
    return body


def _on(row: TenantModel) -> dict[str, object]:
    if isinstance(row, Contact):
        return {"contact": row}
    return {"company": row} if isinstance(row, Company) else {"subject_id": row.pk}


def _record(kind: str, note: Note, row: TenantModel, now: datetime) -> None:
    """The words stay with the note: an event can't be taken back."""
    company_id = row.company_id if isinstance(row, Contact) else note.company_id
    events.record(
        workspace_id=note.workspace_id,
        type=kind,
        subject=row,
        by=Actor(ActorKind.MEMBER, note.author_id),
        now=now,
        data={"note": note.public_id},
        contact_id=note.contact_id,
        company_id=company_id,
    )


def _tell(note: Note, place: Place, now: datetime) -> None:
    team = note.workspace.members.filter(is_active=True)
    # Notes say what single persons said: who may not read that is not told by a detour.
    named = [one for one in mentioned(note.body, team) if one.pk != note.author_id and can(one, Permission.SCORES_READ)]
    news = News(
        kind=Kind.MENTION,
        # Named twice, or in an edited note again, is told once.
        key=f"note:{note.pk}",
        title=f"{note.author.name} named you in a note on {place.row}",
        text=note.body,
        path=place.path,
    )
    notices.tell(workspace=note.workspace, members=named, news=news, now=now)
