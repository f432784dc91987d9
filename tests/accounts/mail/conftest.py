import datetime

import pytest
from django.utils import timezone

from accounts.mail import actions
from accounts.mail.actions import Envelope
from accounts.mail.signals import messages_settled
from accounts.tenancy.scope import workspace_scope


@pytest.fixture
def post():
    """`post(workspace, to=..., key=...)` queues a mail that is due."""

    def queue(workspace, to="jamie@northwind.example", *, key=None, kind="ask", due_in=-1, expires_in=3600, **words):
        now = timezone.now()
        envelope = Envelope(
            **{
                "to_email": to,
                "to_name": "Jamie Okafor",
                "from_email": "ana@acme.example",
                "from_name": "Ana Acme",
                "subject": "Another Head of Ops?",
                "body_text": "Dear Jamie,\n\nwould you?\n",
                **words,
            }
        )
        with workspace_scope(workspace.pk):
            return actions.queue(
                workspace=workspace,
                kind=kind,
                key=key or f"{kind}:{to}",
                envelope=envelope,
                due_at=now + datetime.timedelta(seconds=due_in),
                expires_at=None if expires_in is None else now + datetime.timedelta(seconds=expires_in),
            )

    return queue


@pytest.fixture
def states():
    """`states(workspace)` gives {address: (state, error)} of all its mails."""

    def read(workspace):
        with workspace_scope(workspace.pk):
            return {m.to_email: (m.state, m.error) for m in workspace.messages.all()}

    return read


@pytest.fixture
def settled():
    """What messages_settled has told, as (key, state, error)."""
    heard = []

    def hear(*, settled, **kwargs):
        heard.extend((one.key, one.state, one.error) for one in settled)

    messages_settled.connect(hear, weak=False)
    yield heard
    messages_settled.disconnect(hear)
