"""python manage.py import_csv companies accounts.csv --workspace acme"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.imports import registry
from accounts.imports.by_command import import_csv
from accounts.imports.files import BadFile
from accounts.tenancy.actor import SYSTEM
from accounts.tenancy.models import Workspace


class Command(BaseCommand):
    help = "Import a CSV file. Rows that cannot be taken go into FILE.refused.csv in the current folder, with reasons."
    # Checks load every page of the product, which takes longer than most files.
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", help=f"What the rows are: {', '.join(registry.names())}.")
        parser.add_argument("file", type=Path)
        parser.add_argument("--workspace", required=True, help="The workspace's short name, as in its address.")
        parser.add_argument("--map", nargs="+", action="extend", default=[], metavar="COLUMN=FIELD", dest="columns")
        parser.add_argument("--set", nargs="+", action="extend", default=[], metavar="FIELD=VALUE", dest="constants")
        parser.add_argument("--currency", default="", help="For amounts without one; the workspace's own by default.")
        parser.add_argument("--dry-run", action="store_true", help="Say what would happen, change nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        kind = registry.find(options["kind"])
        if kind is None:
            raise CommandError(f"“{options['kind']}” cannot be imported. Choose one of {', '.join(registry.names())}.")
        workspace = Workspace.objects.filter(slug=options["workspace"]).first()
        if workspace is None:
            raise CommandError(f"There is no workspace “{options['workspace']}”.")
        try:
            report = import_csv(
                workspace=workspace,
                kind=kind,
                path=options["file"],
                columns=_pairs(options["columns"]),
                constants=_pairs(options["constants"]),
                currency=options["currency"],
                dry_run=options["dry_run"],
                by=SYSTEM,
                now=timezone.now(),
            )
        except BadFile as error:
            raise CommandError(str(error)) from error
        self.stdout.write("\n".join(report.lines()))


def _pairs(texts: list[str]) -> dict[str, str]:
    for text in texts:
        if not all(text.partition("=")[::2]):
            raise CommandError(f"“{text}” is not of the form NAME=VALUE.")
    return {left: right for left, _, right in (text.partition("=") for text in texts)}
