"""What follows from a provider's reports: addresses that do not work, and people who want no more mail."""

import logging
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from accounts.mail import actions, preferences, recording
from accounts.mail.hooks import Report, Source
from accounts.mail.models import DeliveryReport, Message
from accounts.mail.signals import address_bounced
from accounts.tenancy.models import Workspace
from accounts.tenancy.scope import workspace_scope

logger = logging.getLogger(__name__)

_KINDS = DeliveryReport.Kind


def take_in(*, source: Source, report: Report, now: datetime) -> bool:
    """Draw the consequences of one report, once. False where it speaks of no mail of ours, or was heard before."""
    found = _find(source.workspace, report)
    if found is None:
        return False
    workspace_id, message_id = found
    with workspace_scope(workspace_id):
        workspace = Workspace.objects.get(pk=workspace_id)
        message = workspace.messages.filter(pk=message_id).first()
        return message is not None and _act(workspace, message, report, now)


def _find(workspace: Workspace | None, report: Report) -> tuple[UUID, UUID] | None:
    """(workspace, mail). A workspace's own provider speaks of its own mail only."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT found_workspace, found_message FROM message_reported(%s, %s, %s)",
            [report.message_id, report.provider_id, workspace.pk if workspace else None],
        )
        return cursor.fetchone()


def _act(workspace: Workspace, message: Message, report: Report, now: datetime) -> bool:
    if not report.kind:
        at = min(report.at, now) if report.at else now
        return recording.prove_sent(workspace, message, at=at)
    _row, is_new = workspace.delivery_reports.get_or_create(
        key=report.key, defaults={"message": message, "kind": report.kind, "words": report.words}
    )
    if not is_new:
        return False
    if report.kind in (_KINDS.COMPLAINED, _KINDS.UNSUBSCRIBED):
        _leave_alone(workspace, message, report.kind, now)
    else:
        _came_back(workspace, message, report, now)
    return True


def _leave_alone(workspace: Workspace, message: Message, reason: str, now: datetime) -> None:
    """They want nothing more: the same as saying it on their own page, where we still know whose page that is."""
    if message.kind == Message.Kind.NOTICE:
        return
    recipient = preferences.recipient_of(workspace, message)
    if recipient is not None:
        preferences.unsubscribe(workspace=workspace, recipient=recipient, purpose="all", now=now, reason=reason)
    else:
        actions.suppress(workspace=workspace, email=message.to_email, purpose="all", reason=reason)


def _came_back(workspace: Workspace, message: Message, report: Report, now: datetime) -> None:
    """Receivers first: they lock people, and whoever holds a person may wait for this mail."""
    words, is_hard = f"bounced: {report.words}", report.kind == _KINDS.BOUNCED
    _announce(workspace, message, "hard" if is_hard else "soft", words, now)
    if is_hard and message.kind != Message.Kind.NOTICE:
        actions.suppress(workspace=workspace, email=message.to_email, purpose="all", reason="bounced")
    recording.note_returned(workspace, message, words=words, now=now)


def _announce(workspace: Workspace, message: Message, kind: str, words: str, now: datetime) -> None:
    answers = address_bounced.send_robust(
        sender=Message,
        workspace=workspace,
        email=message.to_email,
        message_id=message.pk,
        kind=kind,
        words=words,
        now=now,
    )
    for receiver, answer in answers:
        if isinstance(answer, Exception):
            logger.error("A receiver of address_bounced failed: %s", receiver, exc_info=answer)
