from accounts.tenancy.errors import Refusal


class ViewNameTaken(Refusal):
    """Two views of one member and list with the same name."""

    code = "view_name_taken"


class TooManyChosen(Refusal):
    """More rows than one press changes."""

    code = "too_many_chosen"


class ExportNotReady(Refusal):
    """Downloading what is not written, or not there any more."""

    code = "export_not_ready"


class TooManyExports(Refusal):
    """One member waits for several files already."""

    code = "too_many_exports"
