"""A mail that a worker has taken: what is needed to write it down and to record what became of it, and no more."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID


class Claimed(NamedTuple):
    """The mail as its claim left it. Fields are named as in `models.Message`; made by the hundred, so no model."""

    pk: UUID
    kind: str
    key: str
    to_email: str
    to_name: str
    from_email: str
    from_name: str
    reply_to: str
    subject: str
    body_text: str
    body_html: str
    rfc_message_id: str
    in_reply_to: str
    unsubscribe_url: str
    due_at: datetime
    expires_at: datetime | None
    attempts: int
    keyed_until: datetime | None
    key_attempt: int | None
    state: str
    error: str
    # Why it must not go any more, else empty.
    doom: str
    # The claim's time by the database's clock.
    instant: datetime


COLUMNS = tuple("id" if name == "pk" else name for name in Claimed._fields[:-2])
