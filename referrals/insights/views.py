"""Friday's page: the week in six figures against its goals, and whom each is made of."""

from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from accounts.members.permissions import Permission
from accounts.members.views import WorkspaceView
from referrals.insights import actions, figures, listing, pulse, weeks
from referrals.insights.forms import GoalsForm
from referrals.insights.weeks import Week


class WeekPage(WorkspaceView):
    """What every address of a week has in common: `?week=2026-W47`, this one without."""

    @property
    def week(self) -> Week:
        zone = ZoneInfo(self.workspace.timezone)
        return weeks.named(self.request.GET.get("week", ""), zone=zone, now=timezone.now())

    def url_of(self, week: Week) -> str:
        return f"{reverse('week', args=[self.workspace.slug])}?week={week.key}"

    def show(self, form: GoalsForm | None = None, status: int = 200) -> HttpResponseBase:
        week, goals = self.week, actions.goals_of(self.workspace)
        return self.page(
            "referrals/insights/week.html",
            status=status,
            week=week,
            is_this_week=not week.is_over,
            earlier=self.url_of(week.other(-1)),
            later=self.url_of(week.other(1)) if week.is_over else "",
            figures=figures.of_week(workspace=self.workspace, week=week, goals=goals),
            pulse=pulse.sentences(workspace=self.workspace, member=self.member, now=week.now),
            form=form or GoalsForm(goals=goals, currency=self.workspace.currency),
            form_is_open=form is not None,
            may_set_goals=self.can(Permission.SETTINGS_MANAGE),
        )


class WeekView(WeekPage):
    """The six figures."""

    def get(self, request: Any) -> HttpResponseBase:
        return self.show()


class SetGoals(WeekPage):
    permission: ClassVar[Permission] = Permission.SETTINGS_MANAGE

    def post(self, request: Any) -> HttpResponseBase:
        goals = actions.goals_of(self.workspace)
        form = GoalsForm(request.POST, goals=goals, currency=self.workspace.currency)
        if not form.is_valid():
            return self.show(form, status=422)
        actions.set_goals(workspace=self.workspace, goals=form.goals(), by=self.actor, now=timezone.now())
        messages.success(request, "Saved.")
        return redirect(self.url_of(self.week))


class WeekRows(WeekPage):
    """The people one figure is made of."""

    def get(self, request: Any, figure: str) -> HttpResponseBase:
        make = listing.MAKERS.get(figure)
        if make is None:
            raise Http404
        week = self.week
        found = make(self.workspace, week.so_far)
        return self.page("referrals/insights/rows.html", week=week, found=found, back=self.url_of(week))
