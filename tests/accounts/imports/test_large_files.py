"""A large file: its worker killed in the middle, another one carries on, and never more memory than a small one."""

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
from accounts.imports.models import ImportJob
from accounts.tenancy.scope import workspace_scope
from tests.factories import accounts as make

ROOT = Path(__file__).resolve().parents[3]
ROWS = 2 * CHUNK_ROWS
COMMAND = r"""
import sys
from django.core.management import execute_from_command_line
execute_from_command_line(["manage.py", *sys.argv[1:]])
"""
WORKER = r"""
import re, sys
import django
django.setup()
from accounts.imports import tasks
tasks.work(workspace_id=sys.argv[1], job_id=sys.argv[2])
# Not ru_maxrss: that of a child begins with what its parent had when it forked.
print("peak", int(re.search(r"VmHWM:\s+(\d+)", open("/proc/self/status").read())[1]) // 1024)
"""


@pytest.fixture
def start(transactional_db, tmp_path):
    """`start(program, ...)` is a process of its own on the database of this test."""
    place = connection.settings_dict
    user, password, host = (quote(place[key], safe="") for key in ("USER", "PASSWORD", "HOST"))
    address = f"postgres://{user}:{password}@{host}:{place['PORT']}/{place['NAME']}"
    environment = {
        **os.environ,
        "DATABASE_URL": address,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": str(ROOT),
    }

    def start(program, *arguments):
        command = [sys.executable, "-c", program, *arguments]
        return subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True)

    return start


def count(workspace):
    with workspace_scope(workspace.pk):
        return Contact.objects.filter(workspace=workspace).count()


@pytest.mark.slow
def test_a_killed_import_is_carried_on_by_a_worker_without_double_rows_and_in_little_memory(start, tmp_path):
    workspace = make.WorkspaceFactory(slug="large")
    with (tmp_path / "people.csv").open("w") as file:
        file.write("id,email,first_name,last_name,title\n")
        file.writelines(f"P-{n},p{n}@northwind.example,Jamie,Okafor {n},Head of Ops\n" for n in range(ROWS))

    killed = start(COMMAND, "import_csv", "contacts", "people.csv", "--workspace", "large")
    until = time.monotonic() + 120
    while count(workspace) == 0 and time.monotonic() < until:
        time.sleep(0.02)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    assert count(workspace) == CHUNK_ROWS
    (tmp_path / "people.csv").unlink()
    with workspace_scope(workspace.pk):
        # Its lease is over.
        ImportJob.objects.filter(workspace=workspace, position=CHUNK_ROWS).update(lease_until=None)
        job = ImportJob.objects.get(workspace=workspace)

    output, _ = start(WORKER, str(workspace.pk), str(job.pk)).communicate()

    with workspace_scope(workspace.pk):
        job.refresh_from_db()
    assert (job.state, job.position, count(workspace)) == (ImportJob.State.DONE, ROWS, ROWS)
    assert job.report["stored"] == [["contacts", "new", ROWS], ["contacts", "changed", 0], ["contacts", "same", 0]]
    assert int(output.split()[-1]) < 150
