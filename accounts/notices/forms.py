"""How a member wants to be told: each kind by each way."""

from itertools import groupby
from typing import Any

from django import forms

from accounts.members.models import Member
from accounts.notices.kinds import KINDS, channels
from accounts.notices.models import Channel, NoticeChoices


class ChoicesForm(forms.Form):
    """A box for every kind and way that is offered, and the quiet hours."""

    quiet = forms.BooleanField(
        required=False,
        label="Mail and Slack wait for my working hours",
        help_text="All but the 24-hour clock: that does not wait for the morning.",
    )

    def __init__(self, *args: Any, member: Member, choices: NoticeChoices, has_slack: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ways = [way for way in Channel if has_slack or way != Channel.SLACK]
        self._kept: dict[str, list[str]] = {}
        self.fields["quiet"].initial = choices.quiet
        for kind, about in KINDS.items():
            wanted = channels(kind, role=member.role, chosen=choices.chosen)
            # Without Slack its boxes are not shown; what was chosen for it stays.
            self._kept[kind] = [way for way in wanted if way not in self.ways]
            for way in self.ways:
                if way in about.offered:
                    self.fields[f"{kind}:{way}"] = forms.BooleanField(
                        required=False, initial=way in wanted, label=f"{kind.label}: {way.label.lower()}"
                    )

    def groups(self) -> list[tuple[str, list[dict[str, Any]]]]:
        """For the page: the kinds by group, each with a box, or None, for every way."""
        rows = [(about.group, self._row(kind)) for kind, about in KINDS.items()]
        return [(group, [row for _group, row in found]) for group, found in groupby(rows, key=lambda one: one[0])]

    def chosen(self) -> dict[str, list[str]]:
        """What was chosen, for every kind."""
        data = self.cleaned_data
        return {kind: [*(w for w in self.ways if data.get(f"{kind}:{w}")), *self._kept[kind]] for kind in KINDS}

    def _row(self, kind: Any) -> dict[str, Any]:
        names = [f"{kind}:{way}" for way in self.ways]
        return {"label": kind.label, "boxes": [self[name] if name in self.fields else None for name in names]}
