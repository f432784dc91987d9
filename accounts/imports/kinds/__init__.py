"""The kinds of files that accounts understands by itself."""

from accounts.imports import registry
from accounts.imports.kinds.behaviour import CHURN, TICKETS, USAGE
from accounts.imports.kinds.companies import COMPANIES
from accounts.imports.kinds.contacts import CONTACTS
from accounts.imports.kinds.evidence import OUTCOMES
from accounts.imports.kinds.money import DEALS, REVENUE, SUBSCRIPTIONS


def register() -> None:
    """Called once, when the app is ready."""
    for kind in (COMPANIES, CONTACTS, SUBSCRIPTIONS, REVENUE, DEALS, CHURN, USAGE, TICKETS, OUTCOMES):
        registry.register(kind)
