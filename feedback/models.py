"""Collects the rooms' models for Django. Rooms import each other's `models`, never this file."""

from feedback.invitations.models import Invitation
from feedback.moments.models import Moment
from feedback.responses.models import Response
from feedback.surveys.models import Survey

__all__ = ["Invitation", "Moment", "Response", "Survey"]
