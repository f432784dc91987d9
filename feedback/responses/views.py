"""The feedback page: what customers say, in figures and in their own words."""

from typing import Any, ClassVar

from django.http.response import HttpResponseBase

from accounts.lists.spec import ListSpec
from accounts.lists.views import ListView
from accounts.members.permissions import Permission
from feedback.responses import queries
from feedback.responses.forms import AnswerFilters
from feedback.responses.lists import RESPONSES


class FeedbackPage(ListView):
    """Figures for everybody; single answers only for those who may read scores of persons.

    The top floor extends it: `template`, and `more_figures` with what only it can know.
    """

    spec: ClassVar[ListSpec] = RESPONSES
    template: ClassVar[str] = "feedback/responses/page.html"
    empty: ClassVar[str] = "feedback/responses/_none.html"

    def more_figures(self, period: queries.Period) -> dict[str, Any]:
        """Further context for the template."""
        return {}

    def get(self, request: Any) -> HttpResponseBase:
        if self.can(self.spec.permission):
            return super().get(request)
        return self.page(self.template, rows=None, sees_scores=False, **self.figures())

    def context(self) -> dict[str, Any]:
        return {**super().context(), "sees_scores": self.can(Permission.SCORES_READ), **self.figures()}

    def figures(self) -> dict[str, Any]:
        """The headline numbers of the chosen period, and the filters with what is wrong with them."""
        filters = AnswerFilters(self.request.GET)
        period = filters.chosen()["period"]
        return {
            "filters": filters,
            "headlines": queries.headlines(workspace=self.workspace, period=period),
            **self.more_figures(period),
        }
