"""A large file: killed in the middle, started again, and never more memory than a small one."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection

from accounts.customers.models import Contact
from accounts.imports.chunks import CHUNK_ROWS
from accounts.tenancy.scope import workspace_scope
from tests.factories import accounts as make

ROOT = Path(__file__).resolve().parents[3]
ROWS = 2 * CHUNK_ROWS
MEASURED = r"""
import re, sys
from django.core.management import execute_from_command_line
execute_from_command_line(["manage.py", *sys.argv[1:]])
# Not ru_maxrss: that of a child begins with what its parent had when it forked.
print("peak", int(re.search(r"VmHWM:\s+(\d+)", open("/proc/self/status").read())[1]) // 1024)
"""


@pytest.fixture
def start(transactional_db, tmp_path):
    """`start("import_csv", ...)` is a process of its own on the database of this test."""
    place = connection.settings_dict
    user, password, host = (quote(place[key], safe="") for key in ("USER", "PASSWORD", "HOST"))
    address = f"postgres://{user}:{password}@{host}:{place['PORT']}/{place['NAME']}"
    environment = {
        **os.environ,
        "DATABASE_URL": address,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": str(ROOT),
    }

    def start(*arguments):
        command = [sys.executable, "-c", MEASURED, *arguments]
        return subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True)

    return start


def count(workspace):
    with workspace_scope(workspace.pk):
        return Contact.objects.filter(workspace=workspace).count()


@pytest.mark.slow
def test_a_killed_import_is_started_again_without_double_rows_and_in_little_memory(start, tmp_path):
    workspace = make.WorkspaceFactory(slug="large")
    with (tmp_path / "people.csv").open("w") as file:
        file.write("id,email,first_name,last_name,title\n")
        file.writelines(f"P-{n},p{n}@northwind.example,Jamie,Okafor {n},Head of Ops\n" for n in range(ROWS))
    arguments = ("import_csv", "contacts", "people.csv", "--workspace", "large")

    killed, until = start(*arguments), time.monotonic() + 120
    while count(workspace) == 0 and time.monotonic() < until:
        time.sleep(0.02)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    assert count(workspace) == CHUNK_ROWS

    output, _ = start(*arguments).communicate()

    lines = [line.strip() for line in output.splitlines()]
    assert lines[1] == f"contacts: {CHUNK_ROWS:,} new, {CHUNK_ROWS:,} updated."
    assert count(workspace) == ROWS
    assert int(lines[-1].removeprefix("peak ")) < 150
