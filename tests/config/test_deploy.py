"""What production starts with: the checks are clean, and nothing has a secret by default."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NEEDED = {
    "DATABASE_URL": os.environ.get("DATABASE_URL", ""),
    "REDIS_URL": "redis://127.0.0.1:6379/0",
    "SECRET_KEY": "a-secret-of-more-than-fifty-characters-made-for-this-test-only-0123456789",
    "SUPPRESSION_KEY": "another-secret-of-more-than-thirty-two-characters-for-this-test",
    "ENCRYPTION_KEYS": "c2l4dGVlbiBieXRlcyBhbmQgc2l4dGVlbiBtb3JlLi4=",
    "BASE_URL": "https://goodword.example.com",
    "ALLOWED_HOSTS": "goodword.example.com",
    "EMAIL_URL": "smtp+tls://user:password@mail.example.com:587",
    "TRUSTED_PROXY_COUNT": "1",
}


def manage(*arguments, without=(), **changed):
    environment = {"PATH": os.environ["PATH"], "GOODWORD_EMBEDDED": "0", **NEEDED, **changed}
    for name in without:
        del environment[name]
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False)


def test_the_deploy_checks_are_clean_with_production_settings():
    done = manage("check", "--deploy", "--fail-level", "WARNING")

    assert (done.returncode, done.stdout.strip()) == (0, "System check identified no issues (0 silenced).")


@pytest.mark.parametrize("name", ["SECRET_KEY", "ENCRYPTION_KEYS", "SUPPRESSION_KEY", "BASE_URL", "REDIS_URL"])
def test_what_production_needs_has_no_default(name):
    done = manage("check", without=[name])

    assert done.returncode != 0
    assert name in done.stderr


def test_the_release_is_named_the_same_everywhere(settings):
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"] == settings.VERSION


def test_production_without_a_mail_server_is_refused():
    done = manage("check", "--deploy", without=["EMAIL_URL"])

    assert done.returncode != 0
    assert "EMAIL_URL" in done.stderr


def test_a_suppression_key_that_can_be_guessed_is_refused():
    done = manage("check", "--deploy", SUPPRESSION_KEY="short")

    assert done.returncode != 0
    assert "SUPPRESSION_KEY" in done.stderr
