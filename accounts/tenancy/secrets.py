"""Secrets of others that we must be able to read again: kept sealed, with keys that stand apart from SECRET_KEY."""

from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.checks import CheckMessage, Error


class Unreadable(ValueError):
    """Sealed with a key that is not among ENCRYPTION_KEYS any more, or not sealed by us."""


def encrypt(text: str) -> bytes:
    """The text, sealed with the first of ENCRYPTION_KEYS."""
    return _box(tuple(settings.ENCRYPTION_KEYS)).encrypt(text.encode())


def decrypt(sealed: bytes | memoryview) -> str:
    """What `encrypt` was given, sealed with any of ENCRYPTION_KEYS. Raises Unreadable."""
    try:
        return _box(tuple(settings.ENCRYPTION_KEYS)).decrypt(bytes(sealed)).decode()
    except InvalidToken as error:
        raise Unreadable("This was sealed with a key that is not in ENCRYPTION_KEYS.") from error


@lru_cache(maxsize=4)
def _box(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def encryption_keys_are_keys(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A key that cannot be used is found at the start, not when the first secret is to be kept."""
    try:
        _box(tuple(settings.ENCRYPTION_KEYS))
    except ValueError as error:
        hint = 'python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"'
        return [Error(f"ENCRYPTION_KEYS holds no usable key: {error}", hint=hint, id="accounts.E004")]
    return []
