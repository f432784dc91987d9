"""The bytes of a file: kept in the database in pieces, and laid down on the disk of who reads them."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import connection

from accounts.imports.files import BadFile
from accounts.imports.models import ImportJob, ImportPiece
from accounts.tenancy.scope import workspace_scope

PIECE_BYTES = 1 << 20


@contextmanager
def spooled(file: BinaryIO) -> Iterator[Path]:
    """An upload as a file on this machine, for as long as the block runs. Raises BadFile for one that is too large."""
    with tempfile.TemporaryDirectory(prefix="goodword-import-") as folder:
        path = Path(folder) / "upload.csv"
        with path.open("wb") as target:
            shutil.copyfileobj(file, target, PIECE_BYTES)
        check_size(path)
        yield path


def check_size(path: Path) -> None:
    """Raises BadFile for a file that is empty or too large to be taken at once."""
    size, most = path.stat().st_size, settings.IMPORT_MAX_MB
    if not size:
        raise BadFile("This file is empty.")
    if size > most * 1_000_000:
        raise BadFile(f"This file has {size / 1_000_000:,.0f} MB; {most:,} MB can be taken at once. Cut it in two.")


def count_rows(path: Path) -> int:
    """About how many rows a file has below its header: its ends of line. Raises BadFile for too many."""
    lines = 0
    with path.open("rb") as file:
        while data := file.read(PIECE_BYTES):
            lines += data.count(b"\n")
    if lines - 1 > settings.IMPORT_MAX_ROWS:
        raise BadFile(
            f"This file has about {lines - 1:,} rows; {settings.IMPORT_MAX_ROWS:,} can be taken at once. Cut it in two."
        )
    # Without the header.
    return max(lines - 1, 0)


def keep(job: ImportJob, path: Path) -> None:
    """Store the file's bytes with the job, a megabyte at a time."""
    with path.open("rb") as file:
        number = 0
        while data := file.read(PIECE_BYTES):
            ImportPiece.objects.create(workspace_id=job.workspace_id, job=job, number=number, data=data)
            number += 1


@contextmanager
def laid_down(job: ImportJob) -> Iterator[Path]:
    """The job's bytes as a file on this machine, one piece in memory at a time. Raises BadFile where they are gone."""
    with tempfile.TemporaryDirectory(prefix="goodword-import-") as folder:
        path = Path(folder) / "file.csv"
        with workspace_scope(job.workspace_id), path.open("wb") as target:
            pieces = ImportPiece.objects.filter(workspace_id=job.workspace_id, job=job)
            for number in range(pieces.count()):
                target.write(pieces.values_list("data", flat=True).get(number=number))
        if not path.stat().st_size:
            raise BadFile("The file of this import was deleted after its time. Send it again.")
        yield path


def copy_pieces(source: ImportJob, job: ImportJob) -> None:
    """Give the job the bytes of another one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_importpiece (id, workspace_id, job_id, number, data) "
            "SELECT uuidv7(), workspace_id, %s, number, data FROM accounts_importpiece "
            "WHERE workspace_id = %s AND job_id = %s",
            [job.pk, job.workspace_id, source.pk],
        )
