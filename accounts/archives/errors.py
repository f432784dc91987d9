from accounts.tenancy.errors import Refusal


class ArchiveUnderWay(Refusal):
    """One file at a time: it holds everything."""

    code = "archive_under_way"


class ArchiveNotReady(Refusal):
    """Downloading what is not written, or not there any more."""

    code = "archive_not_ready"
