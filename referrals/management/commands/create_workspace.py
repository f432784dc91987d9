"""`manage.py create_workspace NAME --owner EMAIL`: one JSON object on stdout, and nothing else."""

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.utils import timezone

from accounts.tenancy.scope import workspace_scope
from referrals.first_run import actions as first_run
from referrals.programs import actions


class Command(BaseCommand):
    help = "Makes a workspace that is ready to work, and prints its key and the owner's password once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--owner", required=True, metavar="EMAIL")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            validate_email(options["owner"])
        except ValidationError as error:
            raise CommandError(f"“{options['owner']}” is not an e-mail address.") from error
        made = actions.set_up_workspace(name=options["name"], owner_email=options["owner"], now=timezone.now())
        with workspace_scope(made.workspace.pk):
            first_run.begin(workspace=made.workspace)
        answer = {
            "workspace": made.workspace.public_id,
            "slug": made.workspace.slug,
            "owner_email": made.owner.email,
            "password": made.password,
            "api_key": made.api_key,
        }
        self.stdout.write(json.dumps(answer))
