"""`manage.py check_ledger`: do the books of every workspace balance?"""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from accounts.tenancy.models import Workspace
from accounts.tenancy.scope import workspace_scope
from rewards.ledger.queries import differences


class Command(BaseCommand):
    help = "Exits 0 and prints “difference 0” only if every workspace's ledger balances."

    def handle(self, *args: Any, **options: Any) -> None:
        total = 0
        for workspace in Workspace.objects.order_by("pk"):
            with workspace_scope(workspace.pk):
                for found in differences(workspace):
                    total += abs(found.amount)
                    self.stdout.write(f"{workspace.slug}: {found.where} is off by {found.amount} {found.currency}")
        self.stdout.write(f"difference {total}")
        if total:
            sys.exit(1)
