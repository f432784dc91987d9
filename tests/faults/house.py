"""A PostgreSQL and a Valkey for one run, with a fresh database, and what can be done to them."""

import fcntl
import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from config import services
from config.services import account, postgres, valkey
from config.services.state import State, is_free

CHECKOUT = Path(__file__).resolve().parents[2]
_APPS = ("accounts", "feedback", "rewards", "referrals")
_DATABASE = "faults"
_PATIENCE_S = 30
# Below the ports that outgoing connections get: while a server is down, nobody else may happen to sit on its port.
PORTS = range(21_000, 29_000)


class Busy(RuntimeError):
    """Another run uses this data folder."""


class House:
    """The running services of one data folder."""

    def __init__(self, data_dir: Path, endpoints: services.Endpoints, *, fsync: bool) -> None:
        self.data_dir, self._endpoints, self._fsync = data_dir, endpoints, fsync
        state = State.load(data_dir)
        assert state is not None  # the services run
        self._state = state
        self._account = account.choose(data_dir, state)

    def environment(self) -> dict[str, str]:
        """The settings of everything that runs in this house, the database of the run among them."""
        urls = {
            name: value.rpartition("/")[0] + f"/{_DATABASE}" if name.endswith("DATABASE_URL") else value
            for name, value in self._endpoints.environment().items()
        }
        return urls | {"GOODWORD_DATA": str(self.data_dir / "files"), "DJANGO_SETTINGS_MODULE": "config.settings"}

    def fresh_logs(self) -> Path:
        """The folder of the workers' logs, without those of an earlier run."""
        logs = self.data_dir / "logs"
        shutil.rmtree(logs, ignore_errors=True)
        logs.mkdir()
        return logs

    # --- PostgreSQL

    def crash_postgres(self) -> None:
        """As a power cut of the server: nothing is written any more, nobody is told. The system keeps what was."""
        result = postgres._pg_ctl(self._account, "-m", "immediate", "-w", "stop")
        # It may have been going down already.
        if postgres._is_running(self._account):
            raise services.ServicesError(f"PostgreSQL did not go down: {result.stdout}")

    def quit_postmaster(self) -> None:
        """The same without waiting for its end."""
        path = self._account.home / "postgres" / "postmaster.pid"
        os.kill(int(path.read_text().split("\n", 1)[0]), signal.SIGQUIT)

    def start_postgres(self) -> None:
        """Bring it up again on the same port; returns when it has recovered. Raises ServicesError."""
        port = self._state.postgres_port
        postgres.start(self.data_dir, self._state, self._account, fsync=self._fsync)
        assert self._state.postgres_port == port, "PostgreSQL has moved; the workers cannot know."

    def cut_database_connections(self) -> int:
        """End every connection of the application; gives how many there were."""
        with self._superuser(_DATABASE) as cursor:
            cursor.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = 'goodword_app'"
            )
            return int(cursor.fetchone()[0])

    def let_leases_run_out(self) -> None:
        """As if whoever holds a mail had been away for longer than its lease."""
        with self._superuser(_DATABASE) as cursor:
            # Without waiting for who is writing one down just now.
            cursor.execute(
                "UPDATE accounts_message SET lease_until = statement_timestamp() WHERE id IN (SELECT id "
                "FROM accounts_message WHERE state = 'sending' FOR UPDATE SKIP LOCKED)"
            )

    # --- Valkey

    def flush_valkey(self) -> None:
        """Everything in it is gone: queues, what was taken and not finished, rate limits."""
        with self._valkey() as client:
            client.flushall()

    def cut_valkey_connections(self) -> None:
        """End every connection but the one that says so."""
        with self._valkey() as client:
            client.client_kill_filter(_type="normal", skipme=True)

    def fill_valkey(self, *, full: bool) -> None:
        """Let it refuse every command that needs memory, or take them again."""
        with self._valkey() as client:
            client.config_set("maxmemory", 1 if full else 0)

    def freeze_valkey(self, *, frozen: bool) -> None:
        """Let it take connections and answer nothing, like a machine that swaps; or go on."""
        os.kill(self._valkey_pid(), signal.SIGSTOP if frozen else signal.SIGCONT)

    def crash_valkey(self) -> None:
        """kill -9: what it had not written yet is lost."""
        pid = self._valkey_pid()
        os.kill(pid, signal.SIGKILL)
        _wait_until(lambda: not Path(f"/proc/{pid}").exists() or _is_zombie(pid))

    def start_valkey(self) -> None:
        """Bring it up again on the same port, with what its log holds. Raises ServicesError."""
        valkey.start(self.data_dir, self._state, self._account)

    def heal(self) -> None:
        """Whatever was being done to them when the run was broken off: both run and answer again."""
        if self._valkey_runs():
            self.freeze_valkey(frozen=False)
        self.start_valkey()
        self.fill_valkey(full=False)
        self.start_postgres()

    def _valkey_pid(self) -> int:
        return int((self._account.home / "valkey" / "valkey.pid").read_text())

    def _valkey_runs(self) -> bool:
        return valkey._is_running(self._account)

    @contextmanager
    def _valkey(self) -> Iterator[redis.Redis]:
        client = redis.Redis.from_url(
            self._endpoints.redis_url, socket_timeout=_PATIENCE_S, retry=Retry(NoBackoff(), 0)
        )
        with client:
            yield client

    # --- The database of the run

    def make_database(self) -> None:
        """A migrated database without rows; the migrations of an earlier run are used again while they are the same."""
        template = f"migrated_{_fingerprint()}"
        with self._superuser("postgres") as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {_DATABASE} WITH (FORCE)")
            cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'migrated_%'")
            known = {name for (name,) in cursor.fetchall()}
            for old in known - {template}:
                cursor.execute(f"DROP DATABASE {old} WITH (FORCE)")
            if template not in known:
                self._migrate(cursor, template)
            cursor.execute(f"CREATE DATABASE {_DATABASE} TEMPLATE {template} OWNER goodword_owner")

    def _migrate(self, cursor, template: str) -> None:
        draft = "migrating"
        cursor.execute(f"DROP DATABASE IF EXISTS {draft} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {draft} TEMPLATE goodword OWNER goodword_owner")
        url = self._endpoints.migration_database_url.rpartition("/")[0] + f"/{draft}"
        environment = {**os.environ, **self.environment(), "MIGRATION_DATABASE_URL": url, "GOODWORD_AS_OWNER": "1"}
        command = [sys.executable, "manage.py", "migrate", "--no-input", "--verbosity", "0"]
        subprocess.run(command, cwd=CHECKOUT, env=environment, check=True)
        cursor.execute(f"ALTER DATABASE {draft} RENAME TO {template}")

    @contextmanager
    def _superuser(self, database: str) -> Iterator:
        connection = psycopg2.connect(
            host="127.0.0.1",
            port=self._state.postgres_port,
            user="postgres",
            password=self._state.superuser_password,
            dbname=database,
        )
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                yield cursor
        finally:
            connection.close()


@contextmanager
def open_house(data_dir: Path, *, fsync: bool) -> Iterator[House]:
    """Start the services of `data_dir` and make the database of the run; all of it stops at the end.

    Raises Busy, ServicesError.
    """
    data_dir = services._prepare(data_dir)
    with open(data_dir / "run.lock", "a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy(f"Another run uses {data_dir}.") from None
        _choose_ports(data_dir)
        with services.running(data_dir, fsync=fsync) as endpoints:
            house = House(data_dir, endpoints, fsync=fsync)
            files = data_dir / "files"
            shutil.rmtree(files, ignore_errors=True)
            (files / "staticfiles").mkdir(parents=True)
            house.make_database()
            try:
                yield house
            finally:
                house.heal()


def _choose_ports(data_dir: Path) -> None:
    if State.load(data_dir) is None:
        state = State.generate(data_dir)
        ports = random.SystemRandom().sample([port for port in PORTS if is_free(port)], 2)
        state.postgres_port, state.valkey_port = ports
        state.save(data_dir)


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for path in sorted(path for app in _APPS for path in (CHECKOUT / app / "migrations").glob("*")):
        if path.is_file():
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _is_zombie(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


def _wait_until(condition) -> None:
    until = time.monotonic() + _PATIENCE_S
    while not condition():
        if time.monotonic() > until:
            raise TimeoutError("It did not happen in time.")
        time.sleep(0.01)
