"""The kinds of files that accounts understands by itself."""

from accounts.imports import registry
from accounts.imports.kinds.companies import COMPANIES
from accounts.imports.kinds.contacts import CONTACTS

ALL = (COMPANIES, CONTACTS)


def register() -> None:
    """Called once, when the app is ready."""
    for kind in ALL:
        registry.register(kind)
