"""Sent inside the recording transaction; a receiver opens a savepoint of its own."""

from django.dispatch import Signal

# workspace, connection, words, now: Slack takes nothing from us any more
slack_broke = Signal()
