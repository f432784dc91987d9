"""The way from signing up to the first real ask: a list of steps, each a page, left and found again at any time."""

from typing import Any, ClassVar

from django.contrib import messages
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from accounts.members.permissions import Permission
from accounts.members.views import WorkspaceView
from accounts.tenancy.errors import Refusal
from referrals.first_run import actions, guardrails, later, queries
from referrals.first_run.steps import BY_CODE, STEPS, Step


class StepView(WorkspaceView):
    """A page of the first run. `code` names its step."""

    permission: ClassVar[Permission] = Permission.ASK_SEND
    code: ClassVar[str] = ""

    @property
    def step(self) -> Step:
        return BY_CODE[self.code]

    def step_page(self, name: str, status: int = 200, **context: Any) -> HttpResponseBase:
        """The page of this step, with the way on."""
        number = STEPS.index(self.step)
        following = STEPS[number + 1] if number + 1 < len(STEPS) else None
        slug = self.workspace.slug
        return self.page(
            f"referrals/first_run/{name}.html",
            status=status,
            step=self.step,
            number=number + 1,
            of=len(STEPS),
            onward=reverse(following.url_name if following else "first-run", args=[slug]),
            following=following,
            **context,
        )

    def go_on(self, words: str = "") -> HttpResponseBase:
        """To the next step."""
        if words:
            messages.success(self.request, words)
        number = STEPS.index(self.step)
        name = STEPS[number + 1].url_name if number + 1 < len(STEPS) else "first-run"
        return redirect(name, self.workspace.slug)

    def refused(self, refusal: Refusal) -> HttpResponseBase:
        messages.error(self.request, refusal.detail)
        return redirect(self.step.url_name, self.workspace.slug)


class FirstRunView(WorkspaceView):
    """All steps, what is done, and what comes after."""

    permission: ClassVar[Permission] = Permission.ASK_SEND

    def get(self, request: Any) -> HttpResponseBase:
        found = queries.progress(workspace=self.workspace, member=self.member)
        return self.page(
            "referrals/first_run/steps.html",
            progress=found,
            later=later.pages(self.member) if found.is_over else [],
        )


class SkipStep(WorkspaceView):
    """Leave a step out, or take it up again."""

    permission: ClassVar[Permission] = Permission.ASK_SEND

    def post(self, request: Any, step: str) -> HttpResponseBase:
        if step not in BY_CODE:
            raise Http404
        do = actions.take_up if request.POST.get("again") else actions.skip
        do(workspace=self.workspace, step=step, by=self.actor, now=timezone.now())
        return redirect("first-run", self.workspace.slug)


class PutAway(WorkspaceView):
    """No more of it on Today."""

    permission: ClassVar[Permission] = Permission.ASK_SEND

    def post(self, request: Any) -> HttpResponseBase:
        actions.put_away(workspace=self.workspace, by=self.actor, now=timezone.now())
        messages.success(request, "Put away. You find the first steps again with “Jump to…”.")
        return redirect("today", self.workspace.slug)


class Guardrails(StepView):
    """Everything that holds people back, confirmed once."""

    write_permission = Permission.SETTINGS_MANAGE
    code = "guardrails"

    def get(self, request: Any) -> HttpResponseBase:
        run = queries.run_of(self.workspace)
        return self.step_page(
            "guardrails",
            rails=guardrails.rails_of(self.workspace),
            run=run,
            may_confirm=self.can(Permission.SETTINGS_MANAGE),
        )

    def post(self, request: Any) -> HttpResponseBase:
        rails = [rail for group in guardrails.rails_of(self.workspace).values() for rail in group]
        actions.confirm_guardrails(
            workspace=self.workspace, rails=rails, member=self.member, by=self.actor, now=timezone.now()
        )
        return self.go_on("Confirmed. You find this page again under the first steps.")
