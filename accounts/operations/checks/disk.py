"""Room on the disks that are ours to fill."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from accounts.operations.findings import Finding, ok, warning, wrong
from accounts.operations.spans import size

FULL_BYTES, NARROW_BYTES = 500_000_000, 2_000_000_000


def check() -> Iterator[Finding]:
    for what, path in _places():
        yield _room(what, path)


def _places() -> Iterator[tuple[str, Path]]:
    yield "temporary files", Path(tempfile.gettempdir())
    if settings.EMBEDDED:
        yield "mailbox and secrets", Path(settings.DATA_DIR)
    if settings.DATABASE_DIR:
        yield "the embedded database and queue", Path(settings.DATABASE_DIR)


def _room(what: str, path: Path) -> Finding:
    if not path.is_dir():
        return wrong(f"The folder {path} for {what} is not there.", "Look at GOODWORD_DATA, or start `make run` once.")
    free = shutil.disk_usage(path).free
    says = f"{size(free)} free for {what} in {path}."
    if free < FULL_BYTES:
        return wrong(f"Only {says}", "Make room soon: a full disk stops everything that writes.")
    if free < NARROW_BYTES:
        return warning(f"Only {says}", "Make room before it is needed.")
    return ok(says)
