#!/usr/bin/env python
"""Goodword's command line."""

import os
import sys

# Only these touch the schema; everything else runs as the role that row-level security binds.
OWNER_COMMANDS = {"migrate", "sqlflush"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    command = sys.argv[1] if len(sys.argv) > 1 else ""
    if command == "up":
        from config.up import main as up  # noqa: PLC0415 -- starts the database that settings need

        sys.exit(up(sys.argv[2:]))
    if command in OWNER_COMMANDS:
        os.environ["GOODWORD_AS_OWNER"] = "1"
    from django.core.management import execute_from_command_line  # noqa: PLC0415 -- after the role is chosen

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
