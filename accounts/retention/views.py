"""Settings, How long we keep."""

from typing import Any

from django.forms import Form
from django.http.response import HttpResponseBase

from accounts.audit import words
from accounts.retention.forms import RetentionForm
from accounts.settings.workspace_forms import WorkspaceForm
from accounts.settings.workspace_views import FormPage

_MOST_SHOWN = 10


class Retention(FormPage):
    form_class = RetentionForm
    template = "accounts/retention/settings.html"
    url_name = "settings-retention"
    said = "Saved. What is older is forgotten within the next hours."

    def show(self, form: Form | WorkspaceForm, status: int = 200, **context: Any) -> HttpResponseBase:
        runs = list(self.workspace.events.filter(type="retention.applied").order_by("-pk")[:_MOST_SHOWN])
        done = [(run.occurred_at, words.details(run.data)) for run in runs]
        return super().show(form, status, done=done, **context)
