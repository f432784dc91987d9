"""`manage.py import_csv contacts` against COPY of the same rows plus one merge, both into the real table.

The bare side is what PostgreSQL can do at best: the file as it is through COPY into a temporary table, then one INSERT
... ON CONFLICT into `accounts_contact`, as the runtime role and under row-level security. It judges nothing: no
address, no length, no second person with the same address, no reason for a row it cannot take. The import is the
command in a process of its own, from the moment Django stands; its peak memory is read at the end. Rounds take turns,
each into workspaces of their own; the median of the rounds' ratios counts.
"""

import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROWS, _ROUNDS = 100_000, 5
_COLUMNS = "external_id text, email text, first_name text, last_name text, title text, phone text, locale text"
_HEADER = "id,email,first_name,last_name,title,phone,locale\n"
_COMMAND = r"""
import json, re, sys, time
import django
django.setup()
from django.core.management import call_command
start = time.perf_counter()
call_command("import_csv", "contacts", sys.argv[1], "--workspace", sys.argv[2])
took = time.perf_counter() - start
peak = int(re.search(r"VmHWM:\s+(\d+)", open("/proc/self/status").read())[1])
print(json.dumps({"seconds": took, "megabytes": peak / 1024}))
"""


def run() -> tuple[float, str]:
    """Rows a second of the import over those of COPY and one merge."""
    ratios, speeds, peaks = [], [], []
    with tempfile.TemporaryDirectory() as folder:
        path = write_people(Path(folder) / "people.csv", ROWS)
        for turn in range(_ROUNDS):
            bare = merge_seconds(path, f"bare-{turn}")
            took, megabytes = _import_seconds(path, f"import-{turn}")
            ratios.append(bare / took)
            speeds.append(ROWS / took)
            peaks.append(megabytes)
    note = (
        f"of COPY and one merge of the same {ROWS:,} people, {statistics.median(speeds):,.0f} rows/s, "
        f"at most {max(peaks):.0f} MB"
    )
    return statistics.median(ratios), note


def write_people(path: Path, rows: int) -> Path:
    """A file of people as a CRM exports it."""
    with path.open("w", encoding="utf-8") as file:
        file.write(_HEADER)
        file.writelines(
            f"P-{n},jamie.okafor{n}@northwind{n % 5000}.example,Jamie,Okafor {n},Head of Operations,+49 30 {n:07},en\n"
            for n in range(rows)
        )
    return path


def merge_seconds(path: Path, slug: str, rows: int = ROWS) -> float:
    """How long COPY and one merge of the file take, committed."""
    from django.db import connection

    from accounts.tenancy.scope import workspace_scope
    from tests.factories.accounts import WorkspaceFactory

    workspace = WorkspaceFactory(slug=slug)
    start = time.perf_counter()
    with workspace_scope(workspace.pk), connection.cursor() as cursor, path.open(encoding="utf-8") as file:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(f"CREATE TEMP TABLE bare ({_COLUMNS}) ON COMMIT DROP")
        cursor.copy_expert("COPY bare FROM STDIN WITH (FORMAT csv, HEADER)", file)
        cursor.execute(_MERGE, [workspace.pk])
    took = time.perf_counter() - start
    _must_be_stored(workspace, rows)
    return took


# What a contact starts with is filled in by the database; on a known one the same columns are replaced.
_MERGE = """
INSERT INTO accounts_contact (id, workspace_id, external_id, email, email_normalized, first_name, last_name, title,
    phone, locale, seniority, linkedin_url, timezone, country, preferred_reward, attributes, preferences_nonce,
    latest_scores, expert_parts, silences, updated_at)
SELECT uuidv7(), %s, external_id, email, email, first_name, last_name, title, phone, locale, 'user', '', '', '', '',
    '{}', 0, '{}', '{}', 0, now() FROM bare
ON CONFLICT (workspace_id, external_id) DO UPDATE SET email = EXCLUDED.email,
    email_normalized = EXCLUDED.email_normalized, first_name = EXCLUDED.first_name, last_name = EXCLUDED.last_name,
    title = EXCLUDED.title, phone = EXCLUDED.phone, locale = EXCLUDED.locale, updated_at = EXCLUDED.updated_at
"""


def _import_seconds(path: Path, slug: str) -> tuple[float, float]:
    from tests.factories.accounts import WorkspaceFactory

    workspace = WorkspaceFactory(slug=slug)
    command = [sys.executable, "-c", _COMMAND, str(path), slug]
    answer = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, cwd=Path(__file__).parents[2])
    _must_be_stored(workspace, ROWS)
    told = json.loads(re.findall(r"\{.*\}", answer.stdout)[-1])
    return told["seconds"], told["megabytes"]


def _must_be_stored(workspace, rows: int) -> None:
    from accounts.tenancy.scope import workspace_scope

    with workspace_scope(workspace.pk):
        found = workspace.contacts.count()
    if found != rows:
        raise RuntimeError(f"Of {rows} people {found} are there.")
