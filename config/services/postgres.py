"""The embedded PostgreSQL: scram passwords, TCP on loopback only, the same roles as in production (roles.sql)."""

import hashlib
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg2

from config.services.account import Account
from config.services.errors import ServicesError
from config.services.processes import command_of
from config.services.state import State, free_port, is_free

ROLES = Path(__file__).with_name("roles.sql")
ANSWER_SECONDS = 2
RECOVERY_SECONDS = 60
START_ATTEMPTS = 3


def answers(state: State) -> bool:
    """Whether our own server answers: another one would not know the password."""
    try:
        with _superuser(state):
            return True
    except psycopg2.OperationalError:
        return False


def start(data_dir: Path, state: State, account: Account, *, fsync: bool) -> None:
    """Bring the server up, or join the running one, with roles and database. Raises ServicesError."""
    if not answers(state):
        _initialise(state, account)
        if _is_running(account):
            _wait(state, account)
        else:
            _launch(data_dir, state, account)
        _apply_roles(data_dir, state, account)
        if not fsync:
            _set_fsync(state, on=False)
    if fsync:
        _set_fsync(state, on=True)


def stop(account: Account) -> None:
    """Stop the server if it runs. Raises ServicesError if it does not stop."""
    if _is_running(account):
        result = _pg_ctl(account, "-m", "fast", "-w", "stop")
        if result.returncode != 0:
            raise ServicesError(f"PostgreSQL did not stop: {result.stdout}")


def _initialise(state: State, account: Account) -> None:
    if (account.home / "postgres").is_dir():
        return
    # Built aside and renamed, so that an interrupted initdb never looks like a database.
    draft = account.home / "postgres.new"
    shutil.rmtree(draft, ignore_errors=True)
    account.folder("postgres.new")
    password = account.folder("setup") / "superuser"
    password.touch(mode=0o600)
    account.own(password)
    password.write_text(state.superuser_password)
    try:
        result = account.run(
            [
                str(account.postgres_bin / "initdb"),
                *("-D", str(draft), "-U", "postgres", "--auth-local=peer", "--auth-host=scram-sha-256"),
                *(f"--pwfile={password}", "--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
            ]
        )
    finally:
        password.unlink()
    if result.returncode != 0:
        raise ServicesError(f"initdb failed: {result.stdout}")
    state.roles_applied = ""
    draft.rename(account.home / "postgres")


def _launch(data_dir: Path, state: State, account: Account) -> None:
    for _attempt in range(START_ATTEMPTS):
        if not is_free(state.postgres_port):
            state.postgres_port = free_port()
        state.save(data_dir)
        result = _pg_ctl(
            account,
            *("-w", "-t", str(RECOVERY_SECONDS), "-l", str(account.home / "postgres" / "server.log")),
            "-o",
            f"-h 127.0.0.1 -p {state.postgres_port} -k '' -c shared_preload_libraries=pg_stat_statements",
            "start",
        )
        if result.returncode == 0:
            return
        if is_free(state.postgres_port):
            break  # the port was not the reason
    raise ServicesError(f"PostgreSQL did not start: {result.stdout}{_log_end(account)}")


def _wait(state: State, account: Account) -> None:
    deadline = time.monotonic() + RECOVERY_SECONDS
    while not answers(state):
        if time.monotonic() > deadline:
            raise ServicesError(
                f"PostgreSQL runs but does not answer on port {state.postgres_port}. {_log_end(account)}"
            )
        time.sleep(0.1)


def _is_running(account: Account) -> bool:
    if _pg_ctl(account, "status").returncode != 0:
        return False
    pid_file = account.home / "postgres" / "postmaster.pid"
    if str(account.home) not in command_of(pid_file.read_text().split("\n", 1)[0]):
        pid_file.unlink()  # pg_ctl takes any living process of this number for the server
        return False
    return True


def _pg_ctl(account: Account, *arguments: str) -> Any:
    return account.run([str(account.postgres_bin / "pg_ctl"), "-D", str(account.home / "postgres"), *arguments])


def _log_end(account: Account) -> str:
    log = account.home / "postgres" / "server.log"
    return log.read_text(errors="replace")[-2000:] if log.exists() else ""


def _apply_roles(data_dir: Path, state: State, account: Account) -> None:
    script = ROLES.read_text()
    version = hashlib.sha256(script.encode()).hexdigest()
    if state.roles_applied == version:
        return
    # Beside the server: the checkout may be closed to the account that runs psql.
    copy = account.folder("setup") / "roles.sql"
    copy.write_text(script)
    account.own(copy)
    result = account.run(
        [
            str(account.postgres_bin / "psql"),
            *("-h", "127.0.0.1", "-p", str(state.postgres_port), "-U", "postgres", "-d", "postgres"),
            *("--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "-f", str(copy)),
        ],
        env={
            "PGPASSWORD": state.superuser_password,
            "GOODWORD_OWNER_PASSWORD": state.owner_password,
            "GOODWORD_APP_PASSWORD": state.app_password,
        },
    )
    if result.returncode != 0:
        raise ServicesError(f"The roles could not be made: {result.stdout}")
    state.roles_applied = version
    state.save(data_dir)


def _set_fsync(state: State, *, on: bool) -> None:
    # Not a start option: those cannot be taken back when somebody joins who counts on durability.
    with _superuser(state) as cursor:
        cursor.execute("SHOW fsync")
        if (cursor.fetchone()[0] == "on") != on:
            cursor.execute("ALTER SYSTEM SET fsync = " + ("on" if on else "off"))
            cursor.execute("SELECT pg_reload_conf()")


@contextmanager
def _superuser(state: State) -> Iterator[Any]:
    connection = psycopg2.connect(
        host="127.0.0.1",
        port=state.postgres_port,
        user="postgres",
        password=state.superuser_password,
        dbname="postgres",
        connect_timeout=ANSWER_SECONDS,
        sslmode="disable",
    )
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()
