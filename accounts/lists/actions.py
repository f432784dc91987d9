"""Everything that changes what is kept of a list, under one name. Each noun's verbs are in the file of that noun."""

from accounts.lists.bulk import Outcome, run_bulk
from accounts.lists.exporting import cancel_export, start_export
from accounts.lists.saving import change_view, delete_view, save_view, set_default

__all__ = [
    "Outcome",
    "cancel_export",
    "change_view",
    "delete_view",
    "run_bulk",
    "save_view",
    "set_default",
    "start_export",
]
