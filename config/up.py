"""`python manage.py up`: the whole of Goodword on this machine, on embedded services, until Ctrl-C."""

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from config import services
from config.services.state import free_port, is_free
from config.supervisor import Program, Supervisor

CHECKOUT = Path(__file__).parent.parent
QUEUES = "asks,mail,webhooks,money,bulk,default"
USUAL_PORT = 8000


def main(argv: Sequence[str]) -> int:
    """Run everything until a signal; `argv` as after `up`. Returns the exit code."""
    options = _parse(argv)
    signal.signal(signal.SIGTERM, _leave)  # until the supervisor takes over, so that the services are stopped too
    port = _port(options.port)
    data_dir = Path(os.environ.get("GOODWORD_DATA") or CHECKOUT / ".goodword").resolve()
    try:
        with services.running(data_dir) as endpoints:
            env = _environment(endpoints, data_dir, port)
            _prepare(env, endpoints, data_dir)
            greeting = _greeting(port, {} if options.no_demo else _load_demo(env))
            Supervisor(_programs(port, data_dir), env=env, cwd=CHECKOUT, on_tick=_Announcement(port, greeting)).run()
    except services.ServicesError as error:
        print(error, file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as error:
        print(f"`{' '.join(error.cmd[1:])}` failed; nothing was started.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _parse(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="manage.py up", description=__doc__)
    parser.add_argument("--port", type=int, help="TCP port; without it $PORT, else 8000, else a free one")
    parser.add_argument("--no-demo", action="store_true", help="start without the demo workspace")
    return parser.parse_args(argv)


def _leave(*_signal: object) -> None:
    raise SystemExit(143)


def _port(asked: int | None) -> int:
    wanted = asked or int(os.environ.get("PORT") or 0)
    if not wanted:
        return USUAL_PORT if is_free(USUAL_PORT) else free_port()
    if not is_free(wanted):
        raise SystemExit(f"Port {wanted} is taken. Choose another one, or leave it out to get a free one.")
    return wanted


def _environment(endpoints: services.Endpoints, data_dir: Path, port: int) -> dict[str, str]:
    return {
        "BASE_URL": f"http://127.0.0.1:{port}",
        **os.environ,
        **endpoints.environment(),
        "GOODWORD_DATA": str(data_dir),
        "PORT": str(port),
        "PYTHONUNBUFFERED": "1",
    }


def _prepare(env: Mapping[str, str], endpoints: services.Endpoints, data_dir: Path) -> None:
    _manage({**env, "DATABASE_URL": endpoints.migration_database_url}, "migrate", "--no-input", "--verbosity", "0")
    stamp = data_dir / "staticfiles" / ".collected"
    if _newest(CHECKOUT / "static", CHECKOUT / "requirements.txt") > _newest(stamp):
        _manage(env, "collectstatic", "--no-input", "--clear", "-i", "redoc", "--verbosity", "0")
        stamp.touch()


def _newest(*paths: Path) -> float:
    """When the youngest of these files, or of the files in these folders, was changed; 0 without any."""
    files = [file for path in paths for file in ([path] if path.is_file() else path.rglob("*")) if file.is_file()]
    return max((file.stat().st_mtime for file in files), default=0)


def _load_demo(env: Mapping[str, str]) -> dict[str, str]:
    # The last line is the answer; anything before it is a library talking.
    answer: dict[str, str] = json.loads(_manage(env, "load_demo").strip().rsplit("\n", 1)[-1])
    return answer


def _manage(env: Mapping[str, str], *arguments: str) -> str:
    """Run a management command; returns its stdout. Raises CalledProcessError; its stderr is shown as it comes."""
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=CHECKOUT, env=env, stdout=subprocess.PIPE, text=True, check=True).stdout  # noqa: S603 -- ours


def _programs(port: int, data_dir: Path) -> list[Program]:
    celery = [sys.executable, "-m", "celery", "--quiet", "-A", "config"]
    server = [
        "--interface",
        "wsgi",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--workers",
        "2",
        "--blocking-threads",
        "2",
    ]
    return [
        Program("web", [sys.executable, "-m", "granian", *server, "config.wsgi:application"]),
        Program("worker", [*celery, "worker", "-Q", QUEUES, "--concurrency", "3", "--loglevel", "WARNING"]),
        Program(
            "beat",
            [*celery, "beat", "--schedule", str(data_dir / "beat-schedule"), "--pidfile", "", "--loglevel", "WARNING"],
        ),
    ]


def _greeting(port: int, demo: Mapping[str, str]) -> str:
    address = f"Open http://127.0.0.1:{port}/"
    return f"{address} and sign in as {demo['email']} / {demo['password']}" if demo else address


class _Announcement:
    """Prints the greeting once, as soon as somebody answers on the port."""

    def __init__(self, port: int, greeting: str) -> None:
        self._port, self._greeting, self._made = port, greeting, False

    def __call__(self) -> None:
        if not self._made and self._is_open():
            self._made = True
            print(f"\n{self._greeting}\n(Ctrl-C stops everything)\n", flush=True)

    def _is_open(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self._port), timeout=0.2).close()
        except OSError:
            return False
        return True
