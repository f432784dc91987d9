"""What became of the mails: sent to whoever queued them, without knowing who that is."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.dispatch import Signal


class Settled(NamedTuple):
    """The end of one mail's journey.

    state: sent | failed | unconfirmed | cancelled. `error` has the mail server's words, or "suppressed" or "expired"
    for a cancelled one. `at` is when the mail server took it, else when it was settled.
    """

    message_id: UUID
    key: str
    kind: str
    state: str
    at: datetime
    error: str
    rfc_message_id: str


# kwargs: workspace, settled (list[Settled]), now. Sent inside the recording transaction; a receiver opens a savepoint
# of its own, so that its failure leaves the record of what was sent.
messages_settled = Signal()

# kwargs: workspace, connection, words, now: the workspace's own server takes no mail any more
connection_broke = Signal()

# kwargs: workspace, email, message_id, kind ("hard": the address will never work; "soft": this mail came back), words,
# now. Sent inside the transaction that records the report, as above.
address_bounced = Signal()

# kwargs: workspace, copy (accounts.mail.capture.Copy), member (who wrote it), now. A receiver gives the words for what
# it noted because of it, None where the copy says nothing to it; its failure takes the copy back.
mail_copied = Signal()
