#!/usr/bin/env python
"""Goodword's command line."""

import os
import sys
from contextlib import ExitStack
from pathlib import Path

# Only these touch the schema; everything else runs as the role that row-level security binds.
OWNER_COMMANDS = {"migrate", "sqlflush"}
# These need no database, so they start none.
OFFLINE_COMMANDS = {"", "help", "check", "collectstatic", "makemigrations", "spectacular", "--version"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    command = sys.argv[1] if len(sys.argv) > 1 else ""
    if command == "up":
        from config.up import main as up  # noqa: PLC0415 -- starts the database that settings need

        sys.exit(up(sys.argv[2:]))
    if command in OWNER_COMMANDS:
        os.environ["GOODWORD_AS_OWNER"] = "1"
    with ExitStack() as stack:
        if "DATABASE_URL" not in os.environ and command not in OFFLINE_COMMANDS:
            _embedded_services(stack)
        # After role and services are chosen. Tasks queued by a command go to the app that is loaded here.
        from django.core.management import execute_from_command_line  # noqa: PLC0415

        from config import celery  # noqa: F401, PLC0415

        execute_from_command_line(sys.argv)


def _embedded_services(stack: ExitStack) -> None:
    """Share the services of `make run`, or have some for the length of this command."""
    from config import services  # noqa: PLC0415 -- production images come without the embedded servers

    default = Path(__file__).resolve().parent / ".goodword"
    data_dir = Path(os.environ.get("GOODWORD_DATA") or default)
    os.environ.update(stack.enter_context(services.running(data_dir)).environment())


if __name__ == "__main__":
    main()
