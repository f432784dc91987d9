from accounts.tenancy.errors import Refusal


class ImportIsOver(Refusal):
    """The import has left the state in which this could be done."""

    code = "import_is_over"


class ImportNotReady(Refusal):
    """The import has not come, or is no longer, where this can be done."""

    code = "import_not_ready"
