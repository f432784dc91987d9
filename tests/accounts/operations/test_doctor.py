"""The command: its words, its exit code, and what it says when nearly nothing answers."""

import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from accounts.operations import doctor
from accounts.operations.findings import ok, warning, wrong
from accounts.workers import actions, pulse

CHECKOUT = Path(doctor.__file__).parents[2]


@pytest.fixture
def healthy(db):
    pulse.beat()
    actions.beat_heart(
        name="celery@one",
        pid=7,
        version="0.1.0",
        queues=["asks", "bulk", "default", "mail", "money"],
        running_s=9.0,
        consumed_s_ago=1.0,
    )


def run(*arguments):
    out, code = StringIO(), 0
    try:
        call_command("doctor", *arguments, stdout=out)
    except SystemExit as end:
        code = end.code
    return code, out.getvalue()


def test_a_healthy_installation_exits_0(healthy, settings, tmp_path):
    settings.DATABASE_DIR = tmp_path

    code, words = run()

    assert code == 0, words
    assert words.rstrip().splitlines()[-1].startswith("Nothing is wrong.")
    assert "1 worker at work: celery@one." in words


def test_something_wrong_exits_1_and_says_what_to_do(db):
    code, words = run()

    lines = words.splitlines()
    (number,) = [n for n, line in enumerate(lines) if "No worker is at work" in line]
    assert (code, lines[number].split()[:2]) == (1, ["wrong", "workers"])
    assert lines[number + 1].lstrip().startswith("-> Start one")


@pytest.mark.parametrize(
    ("findings", "code", "verdict"),
    [
        ([ok("A.")], 0, "Nothing is wrong."),
        ([ok("A."), warning("B.", "Do b.")], 0, "Nothing is wrong. (1 to look at)"),
        ([wrong("C.", "Do c."), wrong("D.", "Do d."), warning("B.", "Do b.")], 1, "2 things wrong. (1 to look at)"),
    ],
)
def test_warnings_alone_are_not_wrong(monkeypatch, findings, code, verdict):
    monkeypatch.setattr(doctor, "examine", lambda **options: iter([("mail", one) for one in findings]))

    said_code, words = run()

    assert (said_code, words.splitlines()[-1]) == (code, verdict)


def test_for_machines(healthy, settings, tmp_path):
    settings.DATABASE_DIR = tmp_path

    code, words = run("--json")
    said = json.loads(words)

    assert (code, said["ok"]) == (0, True)
    assert {"about": "broker", "level": "ok", "says": "The broker answers.", "do": ""} in said["findings"]


def test_with_neither_database_nor_broker_every_subject_has_its_say():
    nobody = "postgres://goodword_app:secret@127.0.0.1:1/goodword"
    environment = {**os.environ, "DATABASE_URL": nobody, "REDIS_URL": "redis://127.0.0.1:1/0"}
    command = [sys.executable, "manage.py", "doctor", "--json"]

    done = subprocess.run(
        command, cwd=CHECKOUT, env=environment, capture_output=True, text=True, timeout=60, check=False
    )

    assert done.returncode == 1, done.stderr
    said = json.loads(done.stdout)["findings"]
    levels = {(one["about"], one["level"]) for one in said if one["level"] != "ok"}
    assert levels == {
        ("database", "wrong"),
        ("broker", "wrong"),
        ("workers", "unknown"),
        ("beat", "unknown"),
        ("rows", "unknown"),
    }
    (about_database,) = [one for one in said if one["about"] == "database"]
    assert about_database["says"].startswith("The database cannot be asked: ")
