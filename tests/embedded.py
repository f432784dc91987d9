"""Loaded with `-p` before Django's settings: gives the tests a PostgreSQL and a Valkey of their own."""

import atexit
import os
import tempfile
from contextlib import ExitStack
from pathlib import Path

from config import services

ROOT = Path(__file__).resolve().parent.parent

_stack = ExitStack()
atexit.register(_stack.close)

if "DATABASE_URL" not in os.environ or os.environ.get("GOODWORD_TEST_SERVICES") == "embedded":
    # The services are shared by the workers of one run; each worker has its own database, queue and folder.
    endpoints = _stack.enter_context(services.running(ROOT / ".goodword" / "tests", fsync=False))
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    os.environ.update(endpoints.environment())
    os.environ["GOODWORD_TEST_SERVICES"] = "embedded"
    os.environ["REDIS_URL"] = endpoints.redis_url.removesuffix("/0") + f"/{int(worker) % 16}"
    data = _stack.enter_context(tempfile.TemporaryDirectory(prefix="goodword-tests-"))
    (Path(data) / "staticfiles").mkdir()
    os.environ["GOODWORD_DATA"] = data
