"""How long things are kept."""

from typing import Any, ClassVar

from django import forms

from accounts.settings.workspace_forms import WorkspaceForm
from accounts.tenancy.models import Workspace


def _whole(least: int, most: int, label: str, hint: str, *, required: bool = False) -> forms.IntegerField:
    return forms.IntegerField(min_value=least, max_value=most, label=label, help_text=hint, required=required)


class RetentionForm(WorkspaceForm):
    """Empty means for good, where the law leaves it to the workspace."""

    visitors_kept_days = _whole(
        1, 3650, "Who opened a link, days", "Then we forget which browser it was. That it was opened still counts."
    )
    comments_kept_months = _whole(
        1, 240, "What people wrote with their score, months", "Then the words go and the score stays. Empty: for good."
    )
    named_kept_days = _whole(
        1,
        30,
        "Names we were told but never introduced to, days",
        "30 at most: they do not know that we have their name.",
        required=True,
    )
    events_kept_months = _whole(
        12, 240, "The audit log, months", "12 at least. The latest entry of each thing stays. Empty: for good."
    )

    class Meta:
        model = Workspace
        fields: ClassVar[Any] = ("visitors_kept_days", "comments_kept_months", "named_kept_days", "events_kept_months")
