"""A worker in a process of its own: hands over what is due in one workspace. Run with the workspace's id."""

import sys
from uuid import UUID

import django

django.setup()

from accounts.mail import dispatcher  # noqa: E402 -- only after the set-up

while dispatcher.dispatch(UUID(sys.argv[1])):
    pass
