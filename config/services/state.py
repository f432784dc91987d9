"""The state file: ports, passwords and keys of one data folder. Readable by its owner only."""

import base64
import json
import os
import secrets
import socket
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self


@dataclass
class State:
    """What must survive between two starts. `server_home` is empty while the servers' files live in the data folder."""

    postgres_port: int
    valkey_port: int
    superuser_password: str
    owner_password: str
    app_password: str
    valkey_password: str
    secret_key: str
    encryption_key: str = ""
    suppression_key: str = ""
    server_home: str = ""
    roles_applied: str = ""

    @classmethod
    def generate(cls, data_dir: Path) -> Self:
        """New secrets and free ports, saved at once."""
        state = cls(
            postgres_port=free_port(),
            valkey_port=free_port(),
            superuser_password=secrets.token_urlsafe(32),
            owner_password=secrets.token_urlsafe(32),
            app_password=secrets.token_urlsafe(32),
            valkey_password=secrets.token_urlsafe(32),
            secret_key=secrets.token_urlsafe(48),
            encryption_key=new_encryption_key(),
            suppression_key=secrets.token_urlsafe(48),
        )
        state.save(data_dir)
        return state

    @classmethod
    def load(cls, data_dir: Path) -> Self | None:
        """The stored state, or None when the folder has none yet."""
        try:
            return cls(**json.loads((data_dir / "state.json").read_text()))
        except FileNotFoundError:
            return None

    def save(self, data_dir: Path) -> None:
        """Replace the file in one step: a reader sees the old one or the new one."""
        draft = data_dir / f"state.{os.getpid()}.new"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(asdict(self), file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(data_dir / "state.json")

    def home(self, data_dir: Path) -> Path:
        """The folder that holds the servers' own folders."""
        return Path(self.server_home) if self.server_home else data_dir / "services"


def new_encryption_key() -> str:
    """Thirty-two random bytes in the form that Fernet takes."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def free_port() -> int:
    """A TCP port on loopback that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_free(port: int) -> bool:
    """Whether a server could listen on `port` of loopback."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
