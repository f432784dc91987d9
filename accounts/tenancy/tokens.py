"""Links that need no login: nothing secret is stored, the workspace is known before any query.

A token is base64url(workspace id | object id | HMAC-SHA-256(purpose, workspace, object, nonce)[:16]). The nonce is a
column of the object: changing it retires every token made before.
"""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings

_SIGNATURE_BYTES = 16
_TOKEN_BYTES = 32 + _SIGNATURE_BYTES


@dataclass(frozen=True, slots=True)
class PublicToken:
    workspace_id: UUID
    object_id: UUID
    signature: bytes
    purpose: str

    def fits(self, nonce: int | str) -> bool:
        """Whether the token was made for this purpose and this nonce."""
        expected = [
            _sign(self.purpose, self.workspace_id, self.object_id, nonce, key)
            for key in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
        ]
        return any(hmac.compare_digest(self.signature, one) for one in expected)


class BadToken(ValueError):
    """The text is not a token of ours. Shown to people as a page that says what to do next."""


def make(purpose: str, *, workspace_id: UUID, object_id: UUID, nonce: int | str) -> str:
    """The token of one object for one purpose, 64 characters."""
    signature = _sign(purpose, workspace_id, object_id, nonce, settings.SECRET_KEY)
    return base64.urlsafe_b64encode(workspace_id.bytes + object_id.bytes + signature).decode()


def read(purpose: str, text: str) -> PublicToken:
    """Take a token apart, unproven until `fits(nonce)`. Raises BadToken."""
    try:
        raw = base64.b64decode(text.encode("ascii"), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise BadToken(text) from error
    if len(raw) != _TOKEN_BYTES:
        raise BadToken(text)
    return PublicToken(UUID(bytes=raw[:16]), UUID(bytes=raw[16:32]), raw[32:], purpose)


def _sign(purpose: str, workspace_id: UUID, object_id: UUID, nonce: int | str, key: str) -> bytes:
    message = b"|".join([purpose.encode(), workspace_id.bytes, object_id.bytes, str(nonce).encode()])
    return hmac.new(b"goodword.public|" + key.encode(), message, hashlib.sha256).digest()[:_SIGNATURE_BYTES]
