"""Sent inside the recording transaction; a receiver opens a savepoint of its own."""

from django.dispatch import Signal

# workspace, export, now: the file is there, or was given up
export_ended = Signal()
