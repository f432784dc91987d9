from accounts.tenancy.errors import Refusal


class NotYourNote(Refusal):
    """Only who wrote a note changes it or takes it back."""

    status = 403
    code = "not_your_note"
