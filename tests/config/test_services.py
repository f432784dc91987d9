"""Real servers in temporary data folders, as the account that runs the tests."""

import multiprocessing
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import time
import traceback
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from config import services
from config.services.state import State

CHECKOUT = Path(services.__file__).parents[2]
USER = """
import sys
from pathlib import Path
from config import services
with services.running(Path(sys.argv[1]), fsync=False) as endpoints:
    print(endpoints.database_url, flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def data_dir(tmp_path):
    folder = tmp_path / "data"
    yield folder
    services.destroy(folder)


def query(url, sql, *, database=None):
    if database:
        url = url.rsplit("/", 1)[0] + "/" + database
    with closing(psycopg2.connect(url)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall() if cursor.description else None


def other_user(data_dir):
    """Another process that uses the services until its input closes."""
    process = subprocess.Popen(
        [sys.executable, "-c", USER, str(data_dir)],
        cwd=CHECKOUT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    return process, process.stdout.readline().strip()


def server_pids(data_dir):
    home = State.load(data_dir).home(data_dir)
    postgres = (home / "postgres/postmaster.pid").read_text().splitlines()[0]
    return int(postgres), int((home / "valkey/valkey.pid").read_text())


def wait_until(condition):
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline, "waited 10 s in vain"
        time.sleep(0.02)


def is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_services_run_inside_the_block_and_stop_after_it(data_dir):
    with services.running(data_dir, fsync=False) as endpoints:
        pids = server_pids(data_dir)
        found = services.find(data_dir)
        answers = (query(endpoints.database_url, "SELECT 1"), redis.Redis.from_url(endpoints.redis_url).ping())

    assert found == endpoints
    assert answers == ([(1,)], True)
    assert services.find(data_dir) is None
    assert [is_alive(pid) for pid in pids] == [False, False]


def test_second_run_finds_its_data_and_its_secrets_in_under_two_seconds(data_dir):
    with services.running(data_dir) as first:
        query(first.migration_database_url, "CREATE TABLE kept AS SELECT 7 AS number")
        redis.Redis.from_url(first.redis_url).set("kept", "8")

    started = time.monotonic()
    with services.running(data_dir) as second:
        seconds = time.monotonic() - started
        kept = (
            query(second.database_url, "SELECT number FROM kept"),
            redis.Redis.from_url(second.redis_url).get("kept"),
        )

    assert kept == ([(7,)], b"8")
    assert second == first
    assert seconds < 2


def test_the_last_user_stops_the_services(data_dir):
    with services.running(data_dir, fsync=False) as endpoints:
        other, url = other_user(data_dir)
    still = services.find(data_dir)
    other.communicate("")

    assert url == endpoints.database_url
    assert still == endpoints
    assert services.find(data_dir) is None


def test_a_killed_user_does_not_keep_the_services_alive(data_dir):
    other, _url = other_user(data_dir)
    other.kill()
    other.communicate()

    with services.running(data_dir, fsync=False):
        pass

    assert services.find(data_dir) is None


def test_three_starters_at_once_get_the_same_services(data_dir):
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        answers = pool.map(_use_once, [data_dir] * 3, chunksize=1)

    assert answers == [(answers[0][0], [(1,)])] * 3
    assert services.find(data_dir) is None


def _use_once(data_dir):
    with services.running(data_dir, fsync=False) as endpoints:
        return endpoints.secret_key, query(endpoints.database_url, "SELECT 1")


def test_start_recovers_after_everything_was_killed(data_dir):
    other, url = other_user(data_dir)
    query(url, "SELECT 1")
    for pid in (other.pid, *server_pids(data_dir)):
        os.kill(pid, signal.SIGKILL)
    other.communicate()
    wait_until(lambda: services.find(data_dir) is None)

    with services.running(data_dir, fsync=False) as endpoints:
        assert query(endpoints.database_url, "SELECT 1") == [(1,)]
        assert redis.Redis.from_url(endpoints.redis_url).ping()


def test_stale_pid_files_that_name_strangers_are_not_believed(data_dir):
    with services.running(data_dir, fsync=False):
        home = State.load(data_dir).home(data_dir)
        owner = (home / "postgres").stat()
        lines = (home / "postgres/postmaster.pid").read_text()
    stranger = subprocess.Popen(["sleep", "60"], user=owner.st_uid if os.geteuid() == 0 else None)
    for path, text in (
        (home / "postgres/postmaster.pid", lines.replace(lines.split("\n", 1)[0], str(stranger.pid), 1)),
        (home / "valkey/valkey.pid", str(stranger.pid)),
    ):
        path.write_text(text)
        os.chown(path, owner.st_uid, owner.st_gid)

    with services.running(data_dir, fsync=False) as endpoints:
        assert query(endpoints.database_url, "SELECT 1") == [(1,)]
        assert redis.Redis.from_url(endpoints.redis_url).ping()

    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()


def test_ports_taken_by_strangers_are_given_up(data_dir):
    with services.running(data_dir, fsync=False):
        before = State.load(data_dir)
    with (
        socket.create_server(("127.0.0.1", before.postgres_port)),
        socket.create_server(("127.0.0.1", before.valkey_port)),
        services.running(data_dir, fsync=False) as endpoints,
    ):
        after = State.load(data_dir)
        assert query(endpoints.database_url, "SELECT 1") == [(1,)]
        assert redis.Redis.from_url(endpoints.redis_url).ping()

    assert after.postgres_port != before.postgres_port
    assert after.valkey_port != before.valkey_port


def test_roles_are_neither_superusers_nor_above_row_level_security(data_dir):
    with services.running(data_dir, fsync=False) as endpoints:
        roles = query(
            endpoints.database_url,
            "SELECT rolname, rolcanlogin, rolcreatedb, rolsuper, rolcreaterole, rolbypassrls, rolinherit"
            " FROM pg_roles WHERE rolname LIKE 'goodword%' ORDER BY 1",
        )
        owner = query(
            endpoints.database_url, "SELECT datdba::regrole::text FROM pg_database WHERE datname = 'goodword'"
        )

    assert roles == [
        ("goodword_app", True, False, False, False, False, False),
        ("goodword_owner", True, True, False, False, False, True),
    ]
    assert owner == [("goodword_owner",)]


@pytest.mark.parametrize("database", ["goodword", "made_later"])
def test_runtime_role_may_read_and_write_rows_but_not_change_the_walls(data_dir, database):
    with services.running(data_dir, fsync=False) as endpoints:
        owner, app = endpoints.migration_database_url, endpoints.database_url
        query(owner, "CREATE DATABASE made_later")
        query(owner, "CREATE TABLE fact (id serial)", database=database)
        query(owner, "CREATE FUNCTION seven() RETURNS int LANGUAGE sql AS 'SELECT 7'", database=database)
        query(app, "INSERT INTO fact DEFAULT VALUES", database=database)
        query(app, "UPDATE fact SET id = seven()", database=database)
        rows = query(app, "SELECT id FROM fact", database=database)
        grants = query(
            app,
            "SELECT privilege_type FROM information_schema.role_table_grants"
            " WHERE table_name = 'fact' AND grantee <> 'goodword_owner' ORDER BY 1",
            database=database,
        )
        extensions = query(app, "SELECT extname FROM pg_extension ORDER BY 1", database=database)
        for forbidden in ("TRUNCATE fact", "CREATE TABLE own (id int)", "ALTER TABLE fact DISABLE ROW LEVEL SECURITY"):
            with pytest.raises(psycopg2.errors.InsufficientPrivilege):
                query(app, forbidden, database=database)

    assert rows == [(7,)]
    assert grants == [("DELETE",), ("INSERT",), ("SELECT",), ("UPDATE",)]
    assert extensions == [("btree_gist",), ("pg_stat_statements",), ("pg_trgm",), ("plpgsql",), ("unaccent",)]


def test_a_wrong_password_is_refused_and_only_loopback_is_listened_on(data_dir):
    with services.running(data_dir, fsync=False) as endpoints:
        password = State.load(data_dir).app_password
        with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
            query(endpoints.database_url.replace(password, "guess"), "SELECT 1")
        with pytest.raises(redis.AuthenticationError):
            redis.Redis(port=State.load(data_dir).valkey_port, retry=Retry(NoBackoff(), 0)).ping()
        listening = query(endpoints.database_url, "SELECT current_setting('listen_addresses')")
        policy = redis.Redis.from_url(endpoints.redis_url).config_get("bind", "appendonly", "maxmemory-policy")

    assert listening == [("127.0.0.1",)]
    assert policy == {"bind": "127.0.0.1", "appendonly": "yes", "maxmemory-policy": "noeviction"}


def test_durability_comes_back_with_the_first_user_who_wants_it(data_dir):
    with services.running(data_dir, fsync=False) as endpoints:
        hasty = query(endpoints.database_url, "SHOW fsync")
        with services.running(data_dir):
            wait_until(lambda: query(endpoints.database_url, "SHOW fsync") == [("on",)])

    assert hasty == [("off",)]


def test_secrets_are_long_and_readable_by_their_owner_only(data_dir):
    with services.running(data_dir, fsync=False) as endpoints:
        mode = (data_dir / "state.json").stat().st_mode & 0o777

    assert mode == 0o600
    assert len(endpoints.secret_key) >= 50


def test_destroy_refuses_while_somebody_uses_the_services(data_dir):
    with services.running(data_dir, fsync=False), pytest.raises(services.ServicesError, match="in use"):
        services.destroy(data_dir)


def test_destroy_leaves_nothing(data_dir):
    with services.running(data_dir, fsync=False):
        home = State.load(data_dir).home(data_dir)

    services.destroy(data_dir)

    assert (data_dir.exists(), home.exists()) == (False, False)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_a_plain_user_runs_the_services_as_itself():
    nobody = pwd.getpwnam("nobody")
    folder = Path("/var/tmp") / f"goodword-plain-{os.getpid()}"
    folder.mkdir()
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    try:
        # A fork, not a new Python: the interpreter may live where only root can walk.
        child = os.fork()
        if child == 0:
            _answer_as(nobody, folder / "data")
        _pid, status = os.waitpid(child, 0)
        server = (folder / "data/services/postgres").stat().st_uid
    finally:
        shutil.rmtree(folder)

    assert os.waitstatus_to_exitcode(status) == 0
    assert server == nobody.pw_uid


def _answer_as(user, data_dir):
    try:
        os.setgroups([])
        os.setgid(user.pw_gid)
        os.setuid(user.pw_uid)
        with services.running(data_dir, fsync=False) as endpoints:
            query(endpoints.database_url, "SELECT 1")
    except BaseException:  # noqa: BLE001 -- a fork of pytest must not live on
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def test_a_folder_from_before_keeps_its_secrets_and_gets_a_key_for_those_of_others(data_dir):
    with services.running(data_dir, fsync=False) as before:
        pass
    state = State.load(data_dir)
    state.encryption_key = state.suppression_key = ""
    state.save(data_dir)

    with services.running(data_dir, fsync=False) as after:
        assert services.find(data_dir).encryption_key == after.encryption_key

    assert after.secret_key == before.secret_key
    assert len(after.encryption_key) == 44
    # Its opt-outs were hashed with it.
    assert after.suppression_key == before.secret_key
