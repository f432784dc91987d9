"""Django's own mail functions are closed: every mail is a row before it leaves."""

from typing import Any, Never

from django.core.mail.backends.base import BaseEmailBackend


class RefuseDirectMail(BaseEmailBackend):
    """Mail goes through `accounts.mail.actions.queue`, or a crash would lose or double it."""

    def send_messages(self, email_messages: Any) -> Never:
        raise RuntimeError("Queue a Message instead: nothing leaves the house by send_mail().")
