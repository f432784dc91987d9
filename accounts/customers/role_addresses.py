"""Shared addresses: somebody reads them, but nobody in particular."""

_ROLES = frozenset(
    """
    abuse accounting accounts admin administrator billing bookkeeping careers compliance contact contactus
    customercare customerservice customersuccess donotreply enquiries enquiry events feedback finance frontdesk
    general hello help helpdesk hi hiring hostmaster hr info information inquiries inquiry invoice invoices it
    itsupport jobs legal mail mailbox marketing media newsletter noreply notifications office operations order orders
    partner partners payments payroll people postmaster pr press privacy procurement purchasing reception recruiting
    root sales security service services shared shop staff subscribe support sysadmin team tech techsupport
    unsubscribe webmaster
    anfrage bewerbung buchhaltung datenschutz einkauf kontakt personal rechnung rechnungen verwaltung vertrieb zentrale
    compta contacto comptabilite facturacion ventas
    """.split()  # noqa: SIM905 -- ninety quoted words would hide the list
)


def is_role_address(email: str) -> bool:
    """Whether the part before the @ names a role ("info", "no-reply", "sales+eu"), not a person."""
    local = email.partition("@")[0].lower().partition("+")[0]
    return local.replace("-", "").replace("_", "").replace(".", "") in _ROLES
