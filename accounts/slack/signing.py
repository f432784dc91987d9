"""Whether a request is Slack's: v0 signatures (docs.slack.dev, "Verifying requests from Slack")."""

import hashlib
import hmac
from datetime import datetime

# Older ones are replays.
WINDOW_S = 5 * 60


def sign(secret: str, *, timestamp: str, body: bytes) -> str:
    """The header X-Slack-Signature of a request."""
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


def is_slacks(secret: str, *, timestamp: str, signature: str, body: bytes, now: datetime) -> bool:
    """Whether the signature fits and is at most five minutes old."""
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 12):
        return False
    if abs(now.timestamp() - int(timestamp)) > WINDOW_S:
        return False
    return hmac.compare_digest(sign(secret, timestamp=timestamp, body=body).encode(), signature.encode())
