"""`/app/`: straight into the only workspace, or Today of all of them."""

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views import View

from accounts.members import queries
from referrals.today import across


class AcrossView(LoginRequiredMixin, View):
    def get(self, request: HttpRequest) -> HttpResponseBase:
        everywhere = queries.workspaces_of(request.user)
        workspaces = [one for one in everywhere if one.is_active] or everywhere[:1]
        if len(workspaces) == 1:
            return redirect("today", workspaces[0].slug)
        if not workspaces:
            return TemplateResponse(request, "accounts/members/home.html")
        return TemplateResponse(request, self._template(), self._context(workspaces))

    def _template(self) -> str:
        is_poll = self.request.GET.get("part") == "houses"
        return "referrals/today/_houses.html" if is_poll else "referrals/today/across.html"

    def _context(self, workspaces: list[Any]) -> dict[str, Any]:
        now = timezone.now()
        near, far = workspaces[: across.MOST_WORKSPACES], workspaces[across.MOST_WORKSPACES :]
        houses = [across.house_of(user=self.request.user, workspace=one, now=now) for one in near]
        shown = [house for house in houses if house is not None]
        return {"houses": shown, "far": far, "waiting": sum(bool(house.asks or house.also) for house in shown)}
