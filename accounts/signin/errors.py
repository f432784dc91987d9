"""Why somebody is not let in, or a setting is not taken."""

from accounts.tenancy.errors import InvalidInput, Refusal


class NotAdmitted(Refusal):
    """The company vouches for them, but this workspace does not let them in."""

    status = 403
    code = "not_admitted"


class DomainNotProven(Refusal):
    code = "domain_not_proven"


class MetadataUnreadable(InvalidInput):
    code = "metadata_unreadable"
