"""A worker in a process of its own: hands over what is due in one workspace. Run with the workspace's id."""

import sys
from uuid import UUID

import django

django.setup()

from accounts.mail import dispatcher  # noqa: E402 -- only after the set-up

# Small batches, so that several at once each get their share.
while dispatcher.dispatch(UUID(sys.argv[1]), limit=10):
    pass
