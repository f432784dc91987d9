"""Acme's bot, and a dispatcher that really calls."""

import pytest

from accounts.slack import actions
from accounts.tenancy.actor import SYSTEM
from accounts.tenancy.scope import workspace_scope
from tests.factories.accounts import NOW
from tests.slack import SECRET, TEAM, TOKEN


@pytest.fixture
def bot(acme):
    """Acme is connected to Slack."""
    with workspace_scope(acme.pk):
        team = {"team_id": TEAM, "team": "Acme Inc", "user": "goodword"}
        return actions.connect(workspace=acme, token=TOKEN, signing_secret=SECRET, team=team, by=SYSTEM, now=NOW)
