"""What a worker that died had really handed over (docs/adr/0008).

Each batch keeps a small file beside its worker: before the first byte of a mail leaves, and again when the mail server
has taken it, a line is appended. A killed process loses nothing of it. So after a crash only the mail that was on the
wire is unconfirmed: those taken are sent, and the others certainly stayed. A file that is missing, or was written
before the machine restarted, proves nothing: then every mail of the batch is unconfirmed.

The file is locked for as long as its worker lives, and the kernel drops the lock even after kill -9. A worker that only
stood still for longer than its lease, as on a machine that slept, goes on with its batch: its file proves nothing yet.
"""

import contextlib
import fcntl
import logging
import os
import time
from collections.abc import Set
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from uuid import UUID, uuid4

from django.conf import settings

logger = logging.getLogger(__name__)

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_LEAVES, _TAKEN = b"L", b"T"
_LINE_BYTES = 17
_OLD_S = 7 * 86_400.0


class Journal:
    """The file of one batch; `name` is stored with its mails, and empty where no file can be kept."""

    def __init__(self) -> None:
        self.name, self._file = "", -1
        name = f"{_boot()}.{uuid4().hex}"
        try:
            settings.OUTBOX_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._file = os.open(settings.OUTBOX_DIR / name, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL, 0o600)
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            logger.warning("No journal of outgoing mail: %s", error)
        else:
            self.name = name

    def leaves(self, key: UUID) -> None:
        """Note that this mail may have left from now on."""
        if self._file >= 0:
            os.write(self._file, _LEAVES + key.bytes)

    def taken(self, key: UUID) -> None:
        """Note that the mail server has said yes to it."""
        if self._file >= 0:
            os.write(self._file, _TAKEN + key.bytes)

    def close(self) -> None:
        """The batch is recorded, nobody will ask for it."""
        self.leave()
        forget(self.name)

    def leave(self) -> None:
        """The batch broke off: this worker is done with it, and whoever settles its mails reads what it has noted."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


@dataclass(frozen=True, slots=True)
class Proof:
    """What became of the mails of a batch, as far as they got."""

    left: Set[UUID]
    taken: Set[UUID]


def read(name: str) -> Proof | None:
    """What the file of a batch proves; None where it proves nothing, or its worker is still there."""
    if not name or name.partition(".")[0] != _boot():
        return None
    try:
        with _path(name).open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            content = file.read()
    except OSError:
        return None
    found: dict[bytes, set[UUID]] = {_LEAVES: set(), _TAKEN: set()}
    for start in range(0, len(content) - _LINE_BYTES + 1, _LINE_BYTES):
        found[content[start : start + 1]].add(UUID(bytes=content[start + 1 : start + _LINE_BYTES]))
    return Proof(found[_LEAVES], found[_TAKEN])


def forget(name: str) -> None:
    """Delete the file of a batch whose mails are settled."""
    if name:
        with contextlib.suppress(OSError):
            _path(name).unlink(missing_ok=True)


def tidy() -> int:
    """Delete files nobody will ask for any more: of batches that were settled on another machine. Gives how many."""
    gone = 0
    with contextlib.suppress(OSError):
        for file in settings.OUTBOX_DIR.iterdir():
            if time.time() - file.stat().st_mtime > _OLD_S:
                file.unlink(missing_ok=True)
                gone += 1
    return gone


def _path(name: str) -> Path:
    return Path(settings.OUTBOX_DIR) / Path(name).name


@cache
def _boot() -> str:
    """Since when the machine runs: what was written before a power cut may be incomplete. Random elsewhere than on
    Linux, so that files prove nothing there to other processes."""
    with contextlib.suppress(OSError):
        return _BOOT_ID.read_text().strip()
    return uuid4().hex
