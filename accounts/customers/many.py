"""Many contacts at once: those that stand for themselves in a few statements, the others one by one.

A row stands for itself where no other row speaks of the same id or address, and where it is plain whose it is. What
comes of it, and the event that says so, is what `upsert_contact` would have done.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from accounts.customers.changes import apply, judge_fields
from accounts.customers.companies import resolve_company
from accounts.customers.contacts import columns_of, fact_of, upsert_contact
from accounts.customers.models import Company, Contact
from accounts.events import actions as events
from accounts.mail.actions import normalize_email
from accounts.tenancy.actor import Actor
from accounts.tenancy.errors import Refusal
from accounts.tenancy.models import Workspace

Fields = Mapping[str, Any]
# A contact and whether it is new, or why not.
Done = tuple[Contact, bool] | Refusal


@transaction.atomic
def upsert_contacts(*, workspace: Workspace, rows: Sequence[Fields], by: Actor, now: datetime) -> list[Done]:
    """Create or update each person, as `upsert_contact` does; one bad row never spoils the rest."""
    batch = _Batch(workspace, rows, by, now)
    done = batch.store_plain()
    return [done[place] if place in done else batch.one_by_one(fields) for place, fields in enumerate(batch.rows)]


class _Batch:
    def __init__(self, workspace: Workspace, rows: Sequence[Fields], by: Actor, now: datetime) -> None:
        self.workspace, self.by, self.now = workspace, by, now
        self._companies: dict[tuple[str, str], Company | Refusal] = {}
        self.rows = [self._with_company(fields) for fields in rows]
        self._keys = [fields.get("external_id") or None for fields in self.rows]
        self._addresses = [normalize_email(fields.get("email") or "") or None for fields in self.rows]

    def store_plain(self) -> dict[int, Done]:
        """Store the rows that stand for themselves; what became of each, by its place."""
        by_key, by_address = self._known()
        new, known = [], {}
        for place in self._alone():
            contact = by_key.get(self._keys[place]) or by_address.get(self._addresses[place])
            if contact is None:
                new.append(place)
            elif self._is_plain(place, contact, by_address):
                known[place] = contact
        try:
            with transaction.atomic():
                return self._create(new) | self._update(known)
        except (IntegrityError, Refusal):
            # Somebody else was faster, or one row is refused: each for itself then.
            return {}

    def one_by_one(self, fields: Fields) -> Done:
        """One row in a savepoint of its own."""
        try:
            with transaction.atomic():
                return upsert_contact(workspace=self.workspace, fields=fields, by=self.by, now=self.now)
        except Refusal as refusal:
            return refusal

    def _with_company(self, fields: Fields) -> Fields:
        """The row with its company found or made: a thousand people of one company ask for it once."""
        told = fields.get("company")
        if not isinstance(told, dict) or len(told) != 1 or next(iter(told)) not in ("id", "external_id", "domain"):
            return fields
        key = next(iter(told.items()))
        if key not in self._companies:
            self._companies[key] = self._resolved(told)
        found = self._companies[key]
        return fields if isinstance(found, Refusal) else {**fields, "company": found}

    def _resolved(self, told: Mapping[str, Any]) -> Company | Refusal:
        try:
            with transaction.atomic():
                return resolve_company(workspace=self.workspace, reference=told, by=self.by, now=self.now)
        except Refusal as refusal:
            return refusal

    def _known(self) -> tuple[dict[Any, Contact], dict[Any, Contact]]:
        """Who is known by an id or an address of these rows, locked in one order so that two requests never wait."""
        wanted = Q(external_id__in=[key for key in self._keys if key])
        wanted |= Q(email_normalized__in=[address for address in self._addresses if address])
        people = self.workspace.contacts.select_related("company")
        found = list(people.filter(wanted).order_by("pk").select_for_update(of=("self",)))
        by_key = {contact.external_id: contact for contact in found if contact.external_id}
        return by_key, {contact.email_normalized: contact for contact in found if contact.email_normalized}

    def _alone(self) -> list[int]:
        keys: Counter[str | None] = Counter(filter(None, self._keys))
        addresses: Counter[str | None] = Counter(filter(None, self._addresses))
        return [
            place
            for place, (key, address) in enumerate(zip(self._keys, self._addresses, strict=True))
            if keys[key] < 2 and addresses[address] < 2 and not isinstance(self.rows[place].get("company"), dict)
        ]

    def _is_plain(self, place: int, contact: Contact, by_address: dict[Any, Contact]) -> bool:
        key, address = self._keys[place], self._addresses[place]
        owner = by_address.get(address) if address else None
        return contact.merged_into_id is None and key in (None, contact.external_id) and owner in (None, contact)

    def _create(self, places: list[int]) -> dict[int, Done]:
        domains = self._companies_of_domains(places)
        made = {}
        for place in places:
            values = self._values(place)
            address = values.get("email_normalized")
            if "company" not in values and address:
                values["company"] = domains.get(address.rpartition("@")[2])
            made[place] = Contact(workspace=self.workspace)
            apply(made[place], values)
        Contact.objects.bulk_create(made.values())
        self._record([fact_of("contact.created", contact, [], sequence=1) for contact in made.values()])
        return {place: (contact, True) for place, contact in made.items()}

    def _update(self, known: dict[int, Contact]) -> dict[int, Done]:
        facts, names, changed = [], set(), []
        for place, contact in known.items():
            differing = apply(contact, self._values(place))
            if differing:
                contact.updated_at = self.now
                changed.append(contact)
                names.update(differing)
                facts.append(fact_of("contact.updated", contact, [n for n in differing if n != "email_normalized"]))
        if changed:
            Contact.objects.bulk_update(changed, [*names, "updated_at"])
        self._record(facts)
        return {place: (contact, False) for place, contact in known.items()}

    def _values(self, place: int) -> dict[str, Any]:
        judge_fields(self.rows[place])
        return columns_of(self.workspace, self.rows[place], self.by, self.now)

    def _companies_of_domains(self, places: list[int]) -> dict[str, Company]:
        domains = {address.rpartition("@")[2] for place in places if (address := self._addresses[place])}
        rows = self.workspace.company_domains.filter(domain__in=domains).select_related("company")
        return {row.domain: row.company for row in rows}

    def _record(self, facts: list[events.Fact]) -> None:
        events.record_all(workspace_id=self.workspace.pk, facts=facts, by=self.by, now=self.now)
