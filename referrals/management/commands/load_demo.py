"""`manage.py load_demo`: the demo workspace. Its last line on stdout is one JSON object with the login."""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from referrals.demo import actions

# Known to everybody: good for the embedded demo on this machine, and refused anywhere else.
EMBEDDED_PASSWORD = "marlow-demo-2026"  # noqa: S105 -- see above


class Command(BaseCommand):
    help = "Makes the demo workspace Marlow, unless it is there. Its mail never leaves the house."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--password", help="Needed outside the embedded demo.")

    def handle(self, *args: Any, **options: Any) -> None:
        password = options["password"] or (EMBEDDED_PASSWORD if settings.EMBEDDED else None)
        if not password:
            raise CommandError("Outside the embedded demo choose a password: --password ...")
        user, made = actions.load(password=password, now=timezone.now())
        answer = {"email": user.email, "password": password if made or settings.EMBEDDED else None, "made": made}
        self.stdout.write(json.dumps(answer))
