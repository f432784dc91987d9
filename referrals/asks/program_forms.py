"""A program's settings and texts, each text checked as the drafts will read it."""

from typing import Any

from django import forms

from referrals.asks import drafts
from referrals.programs.models import Program

TEXTS = ("ask_subject", "ask_body", "reminder_body", "share_text")


class ProgramForm(forms.ModelForm):
    ideal_titles = forms.CharField(
        required=False,
        label="Only for people whose role contains",
        help_text="Several, with commas between. Empty: for everybody.",
    )

    class Meta:
        model = Program
        fields = (
            "name",
            "state",
            "policy",
            "peer_title",
            "ideal_titles",
            "ideal_problem",
            "ask_subject",
            "ask_body",
            "reminder_body",
            "share_text",
            "call_title",
            "call_text",
            "attribution_days",
        )
        labels = {
            "policy": "How people are asked",
            "peer_title": "Whom we ask for",
            "ideal_problem": "The problem they fight with",
            "ask_subject": "Subject of the letter",
            "ask_body": "The letter",
            "reminder_body": "The one reminder",
            "share_text": "Words ready to share",
            "call_title": "The call, as the friend sees it",
            "call_text": "What happens in the call",
            "attribution_days": "Days a click counts",
        }
        widgets = {
            name: forms.Textarea(attrs={"rows": rows})
            for name, rows in {"ask_body": 16, "reminder_body": 9, "share_text": 4, "call_text": 4}.items()
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["ideal_titles"] = ", ".join(self.instance.ideal_titles)

    def clean_ideal_titles(self) -> list[str]:
        return [title.strip()[:120] for title in self.cleaned_data["ideal_titles"].split(",") if title.strip()]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in TEXTS:
            for problem in drafts.check(data.get(name) or ""):
                self.add_error(name, problem.detail)
        return data
