"""Whom the run asks: workspaces with a live automatic program, and contacts whose asks fall due while it goes on.

The first ask of each workspace, and a part of the others, come through the intake like any answer; the mass is made of
the same rows, copied in the database, each with keys, addresses and hours of its own.
"""

import json
import random
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from uuid_utils.compat import uuid7

from accounts.customers.models import Company, Contact
from accounts.mail import actions as mail
from accounts.mail import approvals
from accounts.mail.models import Message
from accounts.mail.preferences import preferences_url
from accounts.tenancy.actor import SYSTEM
from accounts.tenancy.models import Workspace
from accounts.tenancy.scope import workspace_scope
from feedback.moments.models import Moment
from feedback.responses.actions import Answer
from feedback.responses.models import Response
from referrals.asks import actions as asks
from referrals.asks import intake
from referrals.asks.models import Ask
from referrals.links.models import Link
from tests.factories import accounts as make
from tests.factories.referrals import ProgramFactory

_CHUNK = 1000
_DOMAINS = 200
_REAL_SHARE, _MOST_REAL = 0.02, 300
# Until the run begins, nothing is due; then everything moves to its hour.
_BEFORE_IT_BEGINS = timedelta(hours=2)
# Some must leave within this time or not at all.
SHORT_LIFE = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class Posted:
    """One mail of the run. `role`: plain, short, suppressed, unsubscribing, answering, skipping or campaign.

    `due_in` is when it falls due, in seconds after the beginning.
    """

    workspace: Workspace
    role: str
    due_in: float
    email: str
    message_id: str
    message: uuid.UUID
    ask: uuid.UUID | None
    contact: uuid.UUID | None


# What happens to an ask beside falling due; the rest is plain.
_ROLES = {"suppressed": 0.02, "unsubscribing": 0.04, "answering": 0.02, "skipping": 0.02, "short": 0.01}


def make_everything(
    *, chance: random.Random, count: int, seconds: float, workspaces: int, campaign: int
) -> list[Posted]:
    """Make `count` asks in some workspaces, due over `seconds`, and `campaign` mails of one of them beside."""
    posted: list[Posted] = []
    now = datetime.now(UTC)
    for number in range(workspaces):
        share = count // workspaces + (number < count % workspaces)
        hours = sorted(chance.uniform(0, seconds) for _ask in range(share))
        roles = [_role(chance) for _ask in range(share)]
        workspace = _workspace(number)
        with workspace_scope(workspace.pk):
            posted += _asks(workspace, now, hours, roles)
            if number == 0 and campaign:
                posted += _campaign(workspace, now, [chance.uniform(0, seconds) for _mail in range(campaign)])
            _suppress(workspace, [one for one in posted if one.role == "suppressed" and one.workspace == workspace])
    return posted


def begin(posted: Sequence[Posted]) -> datetime:
    """Move everything to its hour; gives the beginning, a moment from now by the database's clock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        beginning: datetime = cursor.fetchone()[0] + timedelta(seconds=2 + len(posted) / 5000)
    for workspace in {one.workspace for one in posted}:
        ours = [one for one in posted if one.workspace == workspace]
        with workspace_scope(workspace.pk), connection.cursor() as cursor:
            for chunk in _chunks(ours):
                _move(cursor, chunk, beginning)
    return beginning


def _move(cursor: Any, chunk: Sequence[Posted], beginning: datetime) -> None:
    rows = []
    for one in chunk:
        due = beginning + timedelta(seconds=one.due_in)
        expires = due + SHORT_LIFE if one.role == "short" else None
        # As if the gate had been asked at the beginning: late by more than a few minutes, it is asked again.
        approved = approvals.approved_until(due_at=due, judged_at=beginning) if one.ask else None
        times = {"due": due, "expires": expires, "approved": approved}
        rows.append({"message": str(one.message), "ask": str(one.ask or ""), **times})
    values = json.dumps(rows, default=datetime.isoformat)
    plan = (
        "jsonb_to_recordset(%s) "
        "AS plan (message uuid, ask text, due timestamptz, expires timestamptz, approved timestamptz)"
    )
    cursor.execute(
        "UPDATE accounts_message message SET due_at = plan.due, expires_at = coalesce(plan.expires, expires_at), "
        "approved_until = plan.approved "
        f"FROM {plan} WHERE message.id = plan.message",
        [values],
    )
    cursor.execute(
        f"UPDATE referrals_ask ask SET send_at = plan.due, planned_send_at = plan.due FROM {plan} "
        "WHERE ask.id::text = plan.ask",
        [values],
    )


def _role(chance: random.Random) -> str:
    dice = chance.random()
    for role, share in _ROLES.items():
        if dice < share:
            return role
        dice -= share
    return "plain"


def _workspace(number: int) -> Workspace:
    workspace: Workspace = make.WorkspaceFactory(
        slug=f"faults-{number}", name=f"Faults {number}", timezone=_morning(), country=""
    )
    with workspace_scope(workspace.pk):
        ProgramFactory(workspace=workspace, policy="automatic")
        make.MemberFactory(workspace=workspace, user__email=f"owner{number}@acme.example", timezone=workspace.timezone)
    return workspace


def _morning() -> str:
    """A zone where it is between nine and ten: everybody may be asked for the next hours."""
    ahead = 9 - datetime.now(UTC).hour
    ahead = ahead - 24 if ahead > 12 else ahead + 24 if ahead < -11 else ahead
    # The names count the other way round.
    return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"


def _asks(workspace: Workspace, now: datetime, hours: Sequence[float], roles: Sequence[str]) -> Iterator[Posted]:
    real = max(1, min(int(len(hours) * _REAL_SHARE), _MOST_REAL))
    step = max(1, len(hours) // real)
    for position in range(0, len(hours), step):
        ask = _through_the_intake(workspace, position, now)
        yield _posted(ask, roles[position], hours[position])
    rest = [position for position in range(len(hours)) if position % step]
    for chunk in _chunks(rest):
        yield from _copies(ask, [(position, hours[position], roles[position]) for position in chunk])


def _through_the_intake(workspace: Workspace, number: int, now: datetime) -> Ask:
    """A ten, its moment, its link and its ask, moved by a person to a time before the run."""
    owner = workspace.members.get()
    company = make.CompanyFactory(workspace=workspace, owner=owner, external_id=f"real-{number}")
    email = _address("real", workspace, number)
    contact = make.ContactFactory(
        workspace=workspace, company=company, email=email, external_id=f"real-{number}", timezone=workspace.timezone
    )
    answer = Answer(metric="nps", score=10, channel="api", responded_at=now)
    taken = intake.take_in(workspace=workspace, contact=contact, company=company, answer=answer, by=SYSTEM, now=now)
    if taken.ask is None:
        raise RuntimeError(f"Nobody was asked: {taken.not_asked}")
    return asks.edit(ask=taken.ask, send_at=now + _BEFORE_IT_BEGINS, by=SYSTEM, now=now)


def _posted(ask: Ask, role: str, due_in: float) -> Posted:
    message = ask.message
    if message is None:
        raise RuntimeError(f"The ask has no mail: {ask.problems}")
    return Posted(
        ask.workspace, role, due_in, message.to_email, message.rfc_message_id, message.pk, ask.pk, ask.contact_id
    )


def _copies(ask: Ask, wanted: Sequence[tuple[int, float, str]]) -> Iterator[Posted]:
    """The rows of one ask once more for each of `wanted` (number, hour, role)."""
    workspace, message, moment = ask.workspace, ask.message, ask.moment
    assert message is not None  # it came through the intake
    assert moment is not None  # as above
    rows: dict[type, list[dict[str, Any]]] = {
        model: [] for model in (Company, Contact, Response, Moment, Link, Message, Ask)
    }
    for number, due_in, role in wanted:
        keys = {model: uuid7() for model in rows}
        email, rfc_id = _address("person", workspace, number), f"<{keys[Message]}@acme.example>"
        leave = preferences_url(
            kind="contact", workspace_id=workspace.pk, object_id=keys[Contact], nonce=ask.contact.preferences_nonce
        )
        people = {"contact_id": keys[Contact], "company_id": keys[Company]}
        external = f"copy-{number}"
        rows[Company].append({"external_id": external})
        rows[Contact].append({"external_id": external, "email": email, "email_normalized": email, **people})
        rows[Response].append(people)
        rows[Moment].append({"contact_id": keys[Contact], "response_id": keys[Response]})
        rows[Link].append({"contact_id": keys[Contact], "code": f"{workspace.slug}-{number}", "nonce": uuid7()})
        rows[Message].append(
            {
                "to_email": email,
                "email_hash": f"\\x{mail.email_hash(email).hex()}",
                "key": f"ask:{keys[Ask]}",
                "rfc_message_id": rfc_id,
                "unsubscribe_url": leave,
            }
        )
        rows[Ask].append(
            {
                "contact_id": keys[Contact],
                "moment_id": keys[Moment],
                "link_id": keys[Link],
                "message_id": keys[Message],
            }
        )
        for model, key in keys.items():
            rows[model][-1]["id"] = key
        yield Posted(workspace, role, due_in, email, rfc_id, keys[Message], keys[Ask], keys[Contact])
    first = {
        Company: ask.contact.company_id,
        Contact: ask.contact_id,
        Response: moment.response_id,
        Moment: moment.pk,
        Link: ask.link_id,
        Message: message.pk,
        Ask: ask.pk,
    }
    for model, changes in rows.items():
        _copy(model, first[model], changes)


def _campaign(workspace: Workspace, now: datetime, hours: Sequence[float]) -> Iterator[Posted]:
    """Mass mail of one workspace, which may not hold up the asks."""
    envelope = mail.Envelope(
        to_email=_address("news", workspace, 0),
        to_name="Jamie Okafor",
        from_email="ana@acme.example",
        from_name="Ana Acme",
        subject="What is new",
        body_text="Quite a lot.\n",
    )
    first = mail.queue(
        workspace=workspace, kind="campaign", key="campaign:0", envelope=envelope, due_at=now + _BEFORE_IT_BEGINS
    )
    yield Posted(workspace, "campaign", hours[0], first.to_email, first.rfc_message_id, first.pk, None, None)
    for chunk in _chunks(range(1, len(hours))):
        rows = []
        for number in chunk:
            key, email = uuid7(), _address("news", workspace, number)
            rfc_id = f"<{key}@acme.example>"
            hashed = f"\\x{mail.email_hash(email).hex()}"
            changes = {"id": key, "to_email": email, "email_hash": hashed, "key": f"campaign:{number}"}
            rows.append({**changes, "rfc_message_id": rfc_id})
            yield Posted(workspace, "campaign", hours[number], email, rfc_id, key, None, None)
        _copy(Message, first.pk, rows)


def _copy(model: Any, first: Any, changes: Sequence[dict[str, Any]]) -> None:
    table = model._meta.db_table
    columns = [f'"{field.column}"' for field in model._meta.concrete_fields if not field.generated]
    # OFFSET 0: else the row would be made once for each of its columns.
    statement = (
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(f'(copy.made).{name}' for name in columns)} "
        f"FROM (SELECT jsonb_populate_record(first, change.value) AS made FROM {table} first, "
        "jsonb_array_elements(%s::jsonb) AS change WHERE first.id = %s OFFSET 0) AS copy"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [json.dumps(changes, default=str), first])


def _suppress(workspace: Workspace, posted: Sequence[Posted]) -> None:
    with transaction.atomic():
        for number, one in enumerate(posted):
            purpose = ("asks", "all")[number % 2]
            mail.suppress(workspace=workspace, email=one.email, purpose=purpose, reason="asked before the run")


def _address(kind: str, workspace: Workspace, number: int) -> str:
    # Many domains, as customers have: mail to one of them keeps a pace.
    return f"{kind}{number}@c{number % _DOMAINS}.{workspace.slug}.example"


def _chunks(things: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(things), _CHUNK):
        yield things[start : start + _CHUNK]
