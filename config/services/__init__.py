"""The embedded PostgreSQL and Valkey: whoever needs them starts or shares them, the last one to leave stops them.

Every user holds a shared lock on `lease`; the kernel drops it even after kill -9, so no count can go wrong.
Starting and stopping happen under `start.lock`, so two processes cannot start, or start and stop, at once.
"""

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from config.services import postgres, valkey
from config.services.account import Account, choose
from config.services.errors import ServicesError
from config.services.state import State, new_encryption_key

__all__ = ["NOT_RUNNING", "Endpoints", "ServicesError", "destroy", "find", "home", "running"]


@dataclass(frozen=True)
class Endpoints:
    """Where the running services answer, and the secrets generated with them."""

    database_url: str
    migration_database_url: str
    redis_url: str
    secret_key: str
    encryption_key: str
    suppression_key: str

    def environment(self) -> dict[str, str]:
        """The same facts under the names of the settings, for child processes."""
        return {
            "DATABASE_URL": self.database_url,
            "MIGRATION_DATABASE_URL": self.migration_database_url,
            "REDIS_URL": self.redis_url,
            "SECRET_KEY": self.secret_key,
            "ENCRYPTION_KEYS": self.encryption_key,
            "SUPPRESSION_KEY": self.suppression_key,
            "GOODWORD_EMBEDDED": "1",
        }


# For commands that need no services, such as makemigrations: whatever does connect is refused with a plain message.
NOT_RUNNING = Endpoints(
    database_url="postgres://goodword_app@127.0.0.1:1/the_embedded_services_are_not_running__start_them_with_make_run",
    migration_database_url="postgres://goodword_owner@127.0.0.1:1/start_them_with_make_run",
    redis_url="redis://127.0.0.1:1/0",
    secret_key=secrets.token_urlsafe(50),
    encryption_key=new_encryption_key(),
    suppression_key=secrets.token_urlsafe(50),
)


@contextmanager
def running(data_dir: Path, *, fsync: bool = True) -> Iterator[Endpoints]:
    """Start the services of `data_dir` or share the running ones; stop them when the last user leaves.

    `fsync=False` trades durability for speed and is taken back as soon as somebody joins with `fsync=True`.
    Raises ServicesError when a server does not come up.
    """
    data_dir = _prepare(data_dir)
    with open(data_dir / "lease", "a") as lease:
        with _start_lock(data_dir):
            fcntl.flock(lease, fcntl.LOCK_SH)
            try:
                endpoints = _start(data_dir, fsync=fsync)
            except BaseException:
                _stop_if_last(data_dir, lease.fileno())
                raise
        try:
            yield endpoints
        finally:
            with _start_lock(data_dir):
                _stop_if_last(data_dir, lease.fileno())


def find(data_dir: Path) -> Endpoints | None:
    """The running services of `data_dir`, or None. Starts nothing and keeps nothing alive."""
    data_dir = data_dir.resolve()
    state = State.load(data_dir)
    if state is None or not (postgres.answers(state) and valkey.answers(state)):
        return None
    return _endpoints(state)


def home(data_dir: Path) -> Path | None:
    """The folder that holds the servers' data, None before the first start."""
    state = State.load(data_dir.resolve())
    return state.home(data_dir.resolve()) if state else None


def destroy(data_dir: Path) -> None:
    """Stop the services of `data_dir` and delete all their data. Raises ServicesError while somebody uses them."""
    data_dir = data_dir.resolve()
    if not data_dir.is_dir():
        return
    with open(data_dir / "lease", "a") as lease, _start_lock(data_dir):
        try:
            fcntl.flock(lease, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ServicesError(f"The services of {data_dir} are in use; stop `make run` first.") from None
        state = State.load(data_dir)
        if state is not None:
            _stop(state, choose(data_dir, state))
            shutil.rmtree(state.home(data_dir), ignore_errors=True)
        shutil.rmtree(data_dir)


def _prepare(data_dir: Path) -> Path:
    data_dir = data_dir.resolve()
    if not data_dir.is_dir():
        data_dir.mkdir(parents=True)
        # As root the servers run as somebody else, who must be able to walk through to their own folders.
        data_dir.chmod(0o711 if os.geteuid() == 0 else 0o700)
    return data_dir


@contextmanager
def _start_lock(data_dir: Path) -> Iterator[None]:
    with open(data_dir / "start.lock", "a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _start(data_dir: Path, *, fsync: bool) -> Endpoints:
    state = State.load(data_dir) or State.generate(data_dir)
    # A folder from before secrets of others were kept has no key for them yet.
    state.encryption_key = state.encryption_key or new_encryption_key()
    # What hashed its opt-outs until then, so that none is forgotten.
    state.suppression_key = state.suppression_key or state.secret_key
    account = choose(data_dir, state)
    state.save(data_dir)
    postgres.start(data_dir, state, account, fsync=fsync)
    valkey.start(data_dir, state, account)
    return _endpoints(state)


def _stop_if_last(data_dir: Path, lease: int) -> None:
    try:
        fcntl.flock(lease, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    state = State.load(data_dir)
    if state is not None:
        _stop(state, choose(data_dir, state))


def _stop(state: State, account: Account) -> None:
    valkey.stop(state, account)
    postgres.stop(account)


def _endpoints(state: State) -> Endpoints:
    database = f"127.0.0.1:{state.postgres_port}/goodword"
    return Endpoints(
        database_url=f"postgres://goodword_app:{state.app_password}@{database}",
        migration_database_url=f"postgres://goodword_owner:{state.owner_password}@{database}",
        redis_url=f"redis://:{state.valkey_password}@127.0.0.1:{state.valkey_port}/0",
        secret_key=state.secret_key,
        encryption_key=state.encryption_key,
        suppression_key=state.suppression_key or state.secret_key,
    )
