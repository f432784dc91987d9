"""The pieces of a file as one zip, made while it is downloaded: nothing of it is ever whole in memory."""

import io
import json
import zipfile
import zlib
from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from accounts.archives import tables
from accounts.archives.errors import ArchiveNotReady
from accounts.archives.models import Archive, ArchivePiece
from accounts.lists.cells import BYTE_ORDER_MARK
from accounts.tenancy.models import Workspace
from accounts.tenancy.scope import workspace_scope

_READ_ME = """\
Everything that {name} had in Goodword on {day}.

One CSV file for each table, in UTF-8, with a head. Times are in UTC, lists and objects are JSON, an empty cell is
nothing. Rows point at each other by their id. A cell that begins like a formula has an apostrophe before it, so that
spreadsheets show it and do not run it.

workspace.json holds the settings. Not in here:
{left_out}
Passwords, keys and what signs links are not in here either.
"""


def content_of(*, archive: Archive, now: datetime) -> Iterator[bytes]:
    """The zip, bit by bit, each piece read in a scope of its own. Raises ArchiveNotReady at once."""
    if archive.state != Archive.State.DONE or archive.expires_at <= now:
        raise ArchiveNotReady("This file is not there (any more). Make a new one.")
    return _stream(archive, now)


class _Out(io.RawIOBase):
    """What zipfile writes into, and what is taken out of it again. It cannot go back, so zipfile does not try to."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        part = bytes(data)  # type: ignore[call-overload]  # a buffer
        self._parts.append(part)
        return len(part)

    def taken(self) -> bytes:
        parts, self._parts = self._parts, []
        return b"".join(parts)


def _stream(archive: Archive, now: datetime) -> Iterator[bytes]:
    out = _Out()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as whole:
        whole.writestr("READ ME.txt", _read_me(archive.workspace, now))
        whole.writestr("workspace.json", _settings(archive.workspace))
        yield out.taken()
        for label, pieces in _by_table(archive):
            with whole.open(tables.file_name(label), "w", force_zip64=True) as file:
                file.write(BYTE_ORDER_MARK.encode())
                for number in pieces:
                    file.write(_piece(archive.workspace_id, archive.pk, number))
                    yield out.taken()
    yield out.taken()


def _by_table(archive: Archive) -> list[tuple[str, list[int]]]:
    with workspace_scope(archive.workspace_id):
        rows = ArchivePiece.objects.filter(workspace_id=archive.workspace_id, archive_id=archive.pk)
        found: dict[str, list[int]] = {}
        for label, number in rows.order_by("number").values_list("table", "number"):
            found.setdefault(label, []).append(number)
        return list(found.items())


def _piece(workspace_id: UUID, archive_id: UUID, number: int) -> bytes:
    with workspace_scope(workspace_id):
        rows = ArchivePiece.objects.filter(workspace_id=workspace_id, archive_id=archive_id, number=number)
        return zlib.decompress(bytes(rows.values_list("data", flat=True).get()))


def _read_me(workspace: Workspace, now: datetime) -> str:
    left_out = "".join(f"- {tables.file_name(label)}: {why}\n" for label, why in tables.LEFT_OUT.items())
    return _READ_ME.format(name=workspace.name, day=timezone.localtime(now).date(), left_out=left_out)


def _settings(workspace: Workspace) -> str:
    fields = {field.name: getattr(workspace, field.attname) for field in Workspace._meta.concrete_fields}
    return json.dumps(fields, cls=DjangoJSONEncoder, indent=2, ensure_ascii=False)
