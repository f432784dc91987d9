"""No engine runs here, so what docker-compose.yml and the Dockerfile name is looked up."""

import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml

from config import up

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text()


def test_the_services_of_production_are_there():
    assert set(SERVICES) == {"postgres", "redis", "migrate", "web", "worker", "beat"}
    assert SERVICES["postgres"]["image"] == "postgres:18"


def test_the_worker_consumes_every_queue():
    command = SERVICES["worker"]["command"]

    assert command[command.index("-Q") + 1] == up.QUEUES


def test_a_worker_that_ends_itself_is_started_again():
    assert {SERVICES[name]["restart"] for name in ("web", "worker", "beat", "redis", "postgres")} == {"unless-stopped"}


def test_the_health_check_calls_the_web_by_a_name_that_it_answers_to():
    (address,) = re.findall(r"http://[^']+", " ".join(SERVICES["web"]["healthcheck"]["test"]))

    assert urlsplit(address).hostname in SERVICES["web"]["environment"]["ALLOWED_HOSTS"].split(",")


@pytest.mark.parametrize("name", sorted(COMPOSE["x-goodword"]["environment"]))
def test_every_variable_is_read_by_the_settings(name):
    assert f'"{name}"' in (ROOT / "config" / "settings.py").read_text()


@pytest.mark.parametrize(
    "name", ["SECRET_KEY", "ENCRYPTION_KEYS", "SUPPRESSION_KEY", "DATABASE_URL", "REDIS_URL", "EMAIL_URL"]
)
def test_secrets_have_no_default(name):
    assert re.search(r"\$\{[A-Z_]+:\?", COMPOSE["x-goodword"]["environment"][name])


def test_what_the_image_copies_exists():
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE)

    missing = [name for line in copied for name in line.split() if not (ROOT / name).exists()]
    assert copied
    assert missing == []


@pytest.mark.parametrize("module", ["celery", "granian"])
def test_the_programs_that_are_started_are_installed(module):
    done = subprocess.run([sys.executable, "-m", module, "--help"], capture_output=True, timeout=60, check=False)

    assert done.returncode == 0


def test_the_volume_of_roles_is_the_file_the_embedded_server_uses():
    mounts = [volume.split(":")[0] for volume in SERVICES["postgres"]["volumes"]]

    assert "./config/services/roles.sql" in mounts
    assert (ROOT / "config/services/roles.sql").exists()
