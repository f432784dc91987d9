"""The feedback page: what customers say, in figures and in their own words."""

from typing import Any, ClassVar

from django.http.response import HttpResponseBase

from accounts.members.lists import page_of
from accounts.members.permissions import Permission
from accounts.members.views import WorkspaceView
from feedback.responses import queries
from feedback.responses.forms import AnswerFilters


class FeedbackPage(WorkspaceView):
    """Figures for everybody; single answers only for those who may read scores of persons.

    The top floor extends it: `template`, and `more` with what only it can know.
    """

    template: ClassVar[str] = "feedback/responses/page.html"

    def more(self, period: queries.Period) -> dict[str, Any]:
        """Further context for the template."""
        return {}

    def get(self, request: Any) -> HttpResponseBase:
        filters = AnswerFilters(request.GET)
        chosen = filters.chosen()
        sees_scores = self.can(Permission.SCORES_READ)
        rows = page_of(request, queries.answers(workspace=self.workspace, **chosen)) if sees_scores else None
        return self.page(
            self.template,
            filters=filters,
            is_filtered=any(request.GET.get(name) for name in filters.fields if name != "period"),
            headlines=queries.headlines(workspace=self.workspace, period=chosen["period"]),
            sees_scores=sees_scores,
            rows=rows,
            **self.more(chosen["period"]),
        )
