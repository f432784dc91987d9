"""Deleting a workspace whose time is over: every table, children first, some thousand rows at a time.

Each batch is a transaction that asks again whether the workspace is to be deleted, so a purge that was interrupted goes
on, and one that was called off at the last minute deletes nothing. Rows leave through row-level security: no statement
here can reach another workspace. Facts and books are append-only for us and go by a function of the database that asks
for itself whether it may (`purge_append_only`).
"""

import logging
from functools import cache
from graphlib import TopologicalSorter
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection
from django.db.models.functions import Now

from accounts.lifecycle import emails
from accounts.members.models import Member, User
from accounts.tenancy.clock import database_now
from accounts.tenancy.grants import APPEND_ONLY
from accounts.tenancy.models import Workspace
from accounts.tenancy.scope import workspace_scope

logger = logging.getLogger(__name__)

BATCH = 5_000


def due() -> list[UUID]:
    """Closing workspaces whose time is over, by the database's clock."""
    rows = Workspace.objects.filter(state=Workspace.State.CLOSING, closes_at__lte=Now())
    return list(rows.order_by("closes_at").values_list("pk", flat=True))


def purge(workspace_id: UUID) -> int:
    """Delete everything of a due workspace; how many rows. Does nothing for any other."""
    if not _remove_sandboxes(workspace_id):
        return 0
    gone = 0
    for model in tables():
        if model is Member:
            continue  # with the workspace itself: until then its owners can be told
        while (batch := _delete_some(workspace_id, model)) is not None:
            gone += batch
            if batch < BATCH:
                break
        if batch is None:
            return gone
    return gone + _end(workspace_id)


@cache
def tables() -> list[Any]:
    """Every table of workspaces, each before those it points at."""
    ours = [model for model in apps.get_models() if any(field.name == "workspace" for field in model._meta.fields)]
    after: dict[Any, set[Any]] = {model: set() for model in ours}
    for model in ours:
        for other in _pointed_at(model):
            if other in after and other is not model:
                after[other].add(model)
    return list(TopologicalSorter(after).static_order())


def _pointed_at(model: Any) -> list[Any]:
    return [field.related_model for field in model._meta.fields if field.is_relation]


def _is_due(workspace_id: UUID) -> bool:
    due = Workspace.objects.select_for_update().filter(state=Workspace.State.CLOSING, closes_at__lte=Now())
    return due.filter(pk=workspace_id).exists()


def _remove_sandboxes(workspace_id: UUID) -> bool:
    """Practice and demo stand on this workspace, so they go first; False where it is not to be deleted."""
    with workspace_scope(workspace_id), connection.cursor() as cursor:
        if not _is_due(workspace_id):
            return False
        for sandbox_id in list(Workspace.objects.filter(sandbox_of=workspace_id).values_list("pk", flat=True)):
            cursor.execute("SELECT remove_sandbox(%s)", [sandbox_id])
        return True


def _delete_some(workspace_id: UUID, model: Any) -> int | None:
    """How many rows of one table were deleted; None where the workspace is not to be deleted (any more)."""
    with workspace_scope(workspace_id), connection.cursor() as cursor:
        if not _is_due(workspace_id):
            return None
        table = model._meta.db_table
        if table in APPEND_ONLY:
            cursor.execute("SELECT purge_append_only(%s, %s)", [table, BATCH])
            return int(cursor.fetchone()[0])
        for field in model._meta.fields:
            if field.related_model is model:  # rows that point at rows of their own table
                model.objects.filter(workspace_id=workspace_id, **{f"{field.name}__isnull": False}).update(
                    **{field.name: None}
                )
        keys = model.objects.filter(workspace_id=workspace_id).order_by().values("pk")[:BATCH]
        name = connection.ops.quote_name(table)
        wanted = list(keys.values_list("pk", flat=True))
        cursor.execute(f"DELETE FROM {name} WHERE workspace_id = %s AND id = ANY(%s)", [workspace_id, wanted])  # noqa: S608 -- a table of ours
        return int(cursor.rowcount)


def _end(workspace_id: UUID) -> int:
    """The team, those of its people who work nowhere else, and the workspace; its owners are told. One transaction."""
    with workspace_scope(workspace_id), connection.cursor() as cursor:
        if not _is_due(workspace_id):
            return 0
        workspace = Workspace.objects.get(pk=workspace_id)
        owners = emails.owners_of(workspace)
        team = Member.objects.filter(workspace=workspace)
        users = list(team.values_list("user_id", flat=True))
        team.update(deputy=None)
        cursor.execute("DELETE FROM accounts_member WHERE workspace_id = %s", [workspace_id])
        gone = int(cursor.rowcount)
        for user_id in users:
            cursor.execute("SELECT is_member_somewhere(%s)", [user_id])
            if not cursor.fetchone()[0]:
                User.objects.filter(pk=user_id, is_staff=False).delete()
        cursor.execute("DELETE FROM accounts_workspace WHERE id = %s", [workspace_id])
        emails.tell_of_deletion(name=workspace.name, emails=owners, now=database_now())
        logger.info("Workspace %s was deleted as its owners asked.", workspace_id)
        return gone + 1
