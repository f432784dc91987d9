"""`python -m tests.benchmarks [name]`: prints `name ratio note` for every benchmark, or for one.

A benchmark is a module of this folder with `run() -> (ratio, note)`: the work against a bare baseline in the same run.
They run as the runtime role on a database of their own, on the embedded services, which are started or shared.
"""

import importlib
import os
import pkgutil
import subprocess
import sys
import tempfile
from pathlib import Path

import redis

from config import services

_CHECKOUT = Path(__file__).resolve().parents[2]
_DATA = _CHECKOUT / ".goodword" / "benchmarks"
_DATABASE = "goodword_bench"


def main(names: list[str]) -> int:
    """Run the benchmarks of these names, or all; the exit code."""
    known = [module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)]) if module.name[0] != "_"]
    unknown = sorted(set(names) - set(known))
    if unknown:
        print(f"There is no benchmark {', '.join(unknown)}. Known: {', '.join(known)}.", file=sys.stderr)
        return 2
    with services.running(_DATA) as endpoints, tempfile.TemporaryDirectory(prefix="goodword-bench-") as folder:
        os.environ.update(endpoints.environment() | {"GOODWORD_DATA": folder, "LOG_LEVEL": "WARNING"})
        _create_database(endpoints.migration_database_url)
        # Wake-ups of an earlier run.
        redis.Redis.from_url(endpoints.redis_url).flushall()
        _start_django()
        for name in names or known:
            module = importlib.import_module(f"tests.benchmarks.{name}")
            if hasattr(module, "run"):
                ratio, note = module.run()
                print(f"{name} {ratio:.2f} {note}", flush=True)
    return 0


def _create_database(owner_url: str) -> None:
    """A fresh database, migrated by its owner; both addresses of the environment lead there from now on."""
    import psycopg2

    connection = psycopg2.connect(owner_url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {_DATABASE} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {_DATABASE}")
    connection.close()
    for name in ("DATABASE_URL", "MIGRATION_DATABASE_URL"):
        os.environ[name] = os.environ[name].rpartition("/")[0] + f"/{_DATABASE}"
    migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(migrate, cwd=_CHECKOUT, env={**os.environ, "GOODWORD_AS_OWNER": "1"}, check=True)


def _start_django() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
