"""The seal in a public form: when it was handed out, and for which link.

Public forms act for nobody who is signed in, so there is no authority a foreign page could borrow and they need no
CSRF cookie (which would also break the promise of EU mode). The seal is signed and tells the age of the form, so that a
program posting at once, or without ever having opened the page, is asked to press the button again.
"""

import base64
import hmac
from datetime import datetime
from uuid import UUID

from django.conf import settings

_LEAST_SECONDS = 2
_BYTES = 16


def seal(link_id: UUID, now: datetime) -> str:
    """A seal for the form of this link, 40 characters or so: "<seconds>.<signature>"."""
    stamp = f"{int(now.timestamp()):x}"
    return f"{stamp}.{_sign(link_id, stamp, settings.SECRET_KEY)}"


def is_ripe(text: str, link_id: UUID, now: datetime) -> bool:
    """Whether the form was opened from our page long enough ago for a person to have filled it in.

    There is no upper age: nobody loses what they typed because a tab stayed open.
    """
    stamp, _, signature = text.partition(".")
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    if not any(hmac.compare_digest(signature.encode(), _sign(link_id, stamp, key).encode()) for key in keys):
        return False
    return now.timestamp() - int(stamp, 16) >= _LEAST_SECONDS


def _sign(link_id: UUID, stamp: str, key: str) -> str:
    digest = hmac.digest(b"goodword.form|" + key.encode(), link_id.bytes + stamp.encode(), "sha256")
    return base64.urlsafe_b64encode(digest[:_BYTES]).decode().rstrip("=")
