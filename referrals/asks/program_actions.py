"""Changing what a program says and how it asks."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.events import actions as events
from accounts.tenancy.actor import Actor
from accounts.tenancy.errors import InvalidInput
from accounts.tenancy.models import Workspace
from referrals.asks import drafts
from referrals.asks.program_forms import TEXTS
from referrals.programs.models import Program


@transaction.atomic
def change_program(
    *, workspace: Workspace, program: Program, fields: Mapping[str, Any], by: Actor, now: datetime
) -> Program:
    """Bring the fields onto the program; letters already drafted keep their words.

    Raises InvalidInput for a text that could not be filled in.
    """
    for name in TEXTS:
        for problem in drafts.check(fields.get(name, "")):
            raise InvalidInput(problem.detail, code=problem.code, field=name)
    program = workspace.programs.select_for_update().get(pk=program.pk)
    changed = sorted(name for name, value in fields.items() if getattr(program, name) != value)
    if not changed:
        return program
    for name in changed:
        setattr(program, name, fields[name])
    program.save(update_fields=[*changed, "updated_at"])
    events.record(
        workspace_id=workspace.pk, type="program.changed", subject=program, by=by, now=now, data={"fields": changed}
    )
    return program
