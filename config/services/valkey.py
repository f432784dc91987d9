"""The embedded Valkey (Redis protocol): the broker's queue survives a restart, and nothing in it is ever evicted."""

import time
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from config.services.account import Account
from config.services.errors import ServicesError
from config.services.processes import command_of
from config.services.state import State, free_port, is_free

ANSWER_SECONDS = 2
START_SECONDS = 30
PID_FILE_SECONDS = 2
START_ATTEMPTS = 3


def answers(state: State) -> bool:
    """Whether our own server answers and has loaded its data: another one would not know the password."""
    try:
        with _client(state, timeout=ANSWER_SECONDS) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


def start(data_dir: Path, state: State, account: Account) -> None:
    """Bring the server up, or join the running one. Raises ServicesError."""
    if answers(state) or (_is_running(account) and _wait(state, account)):
        return
    for _attempt in range(START_ATTEMPTS):
        if not is_free(state.valkey_port):
            state.valkey_port = free_port()
        state.save(data_dir)
        result = account.run([str(account.valkey_server), str(_write_configuration(state, account))])
        if result.returncode == 0 and _wait(state, account):
            return
    raise ServicesError(f"Valkey did not start: {result.stdout}{_log_end(account)}")


def stop(state: State, account: Account) -> None:
    """Save and stop the server if it runs. Raises ServicesError if it does not stop."""
    if not (_is_running(account) or answers(state)):
        return
    try:
        with _client(state, timeout=START_SECONDS) as client:
            client.shutdown()
    except redis.RedisError as error:
        raise ServicesError(f"Valkey did not stop: {error}") from error
    deadline = time.monotonic() + START_SECONDS
    while _is_running(account) or answers(state):
        if time.monotonic() > deadline:
            raise ServicesError("Valkey did not stop.")
        time.sleep(0.02)


def _write_configuration(state: State, account: Account) -> Path:
    folder = account.folder("valkey")
    # In a file, not in the arguments: everybody on the machine can read those, and there is a password in it.
    path = folder / "valkey.conf"
    path.touch(mode=0o600)
    account.own(path)
    path.write_text(
        f"bind 127.0.0.1\nport {state.valkey_port}\nrequirepass {state.valkey_password}\n"
        f'dir "{folder}"\npidfile "{folder}/valkey.pid"\nlogfile "{folder}/server.log"\n'
        'daemonize yes\nappendonly yes\nmaxmemory-policy noeviction\nsave ""\n'
    )
    return path


def _is_running(account: Account) -> bool:
    pid_file = account.home / "valkey" / "valkey.pid"
    if not pid_file.exists():
        return False
    return "valkey-server" in command_of(pid_file.read_text().strip())


def _wait(state: State, account: Account) -> bool:
    started = time.monotonic()
    while not answers(state):
        waited = time.monotonic() - started
        # The pid file is written a moment after the start; without one after that, the server has given up.
        if waited > START_SECONDS or (waited > PID_FILE_SECONDS and not _is_running(account)):
            return False
        time.sleep(0.02)
    return True


def _log_end(account: Account) -> str:
    log = account.home / "valkey" / "server.log"
    return log.read_text(errors="replace")[-2000:] if log.exists() else ""


def _client(state: State, *, timeout: float) -> redis.Redis:
    return redis.Redis(
        host="127.0.0.1",
        port=state.valkey_port,
        password=state.valkey_password,
        socket_timeout=timeout,
        retry=Retry(NoBackoff(), 0),  # the default keeps trying for seconds, and "not running" is an answer here
    )
