"""Everything that changes customers, under one name. Each noun's verbs are in the file of that noun."""

from accounts.customers.companies import resolve_company, upsert_company
from accounts.customers.contacts import lock_contact, resolve_and_lock_contact, resolve_contact, upsert_contact
from accounts.customers.holds import lift_hold, place_hold
from accounts.customers.many import upsert_contacts
from accounts.customers.merging import merge_companies, merge_contacts
from accounts.customers.outcomes import add_outcome
from accounts.customers.rests import lift_rest, rest_of, set_rest
from accounts.customers.revenue import record_deal, record_revenue

__all__ = [
    "add_outcome",
    "lift_hold",
    "lift_rest",
    "lock_contact",
    "merge_companies",
    "merge_contacts",
    "place_hold",
    "record_deal",
    "record_revenue",
    "resolve_and_lock_contact",
    "resolve_company",
    "resolve_contact",
    "rest_of",
    "set_rest",
    "upsert_company",
    "upsert_contact",
    "upsert_contacts",
]
