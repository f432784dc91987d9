"""A phone in the dashboard, on which one is the customer and then the friend."""

from typing import Any, ClassVar

from csp.constants import SELF
from csp.decorators import csp_update
from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.decorators import method_decorator

from accounts.members.permissions import Permission
from accounts.members.views import WorkspaceView
from referrals.practice import actions, queries
from referrals.practice.queries import Play


class PracticeView(WorkspaceView):
    permission: ClassVar[Permission] = Permission.ASK_SEND

    def play(self) -> dict[str, Any]:
        """What the page and its part that is asked for again show."""
        practice, sandbox = queries.practice_of(self.workspace), queries.sandbox_of(self.workspace)
        play = queries.play_of(sandbox) if sandbox else Play()
        return {"practice": practice, "is_on": sandbox is not None, "play": play}


@method_decorator(csp_update({"frame-src": [SELF]}), name="dispatch")
class BeJamie(PracticeView):
    """The phone, and what happened because of what was tapped on it."""

    def get(self, request: Any) -> HttpResponseBase:
        context = self.play()
        practice, is_friend = context["practice"], request.GET.get("as") == "friend"
        screen = ""
        if context["is_on"] and practice:
            screen = practice.landing_path if is_friend else practice.survey_path
        return self.page("referrals/practice/phone.html", screen=screen, is_friend=is_friend, **context)


class PlaySoFar(PracticeView):
    """The same without the phone, asked for every few seconds."""

    def get(self, request: Any) -> HttpResponseBase:
        return self.page("referrals/practice/_so_far.html", **self.play())


class BeginPractice(PracticeView):
    def post(self, request: Any) -> HttpResponseBase:
        actions.begin(workspace=self.workspace, member=self.member, by=self.actor, now=timezone.now())
        return redirect("practice", self.workspace.slug)


class RemovePractice(PracticeView):
    def post(self, request: Any) -> HttpResponseBase:
        if actions.remove(workspace=self.workspace, by=self.actor, now=timezone.now()):
            messages.success(request, "The practice is gone, with every row of it.")
        return redirect("today", self.workspace.slug)
