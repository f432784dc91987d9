"""Settings, Demo data: on and off with one click each."""

from typing import Any, ClassVar

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from accounts.members import navigation
from accounts.members.permissions import Permission
from accounts.members.views import WorkspaceView
from accounts.tenancy.errors import Refusal
from referrals.demo import actions, jobs
from referrals.demo.models import DemoJob


class DemoView(WorkspaceView):
    permission: ClassVar[Permission] = Permission.SETTINGS_MANAGE

    def standing(self) -> dict[str, Any]:
        """What the page and its progress show."""
        job = self.workspace.demo_jobs.order_by("-created_at", "-pk").first()
        scene = ""
        if job and job.state == DemoJob.State.RUNNING and job.wish == DemoJob.Wish.LOAD and job.position < job.scenes:
            scene = actions.SCENES[job.position].title
        return {"job": job, "scene": scene, "sandbox": jobs.sandbox_of(self.workspace)}


class DemoSettings(DemoView):
    """Whether it is there, how far it has come, and the one button."""

    def get(self, request: Any) -> HttpResponseBase:
        tabs = navigation.settings_of(self.member, self.workspace.slug, request.path)
        return self.page("referrals/demo/settings.html", tabs=tabs, **self.standing())

    def post(self, request: Any) -> HttpResponseBase:
        wish = DemoJob.Wish.REMOVE if request.POST.get("wish") == "remove" else DemoJob.Wish.LOAD
        try:
            jobs.ask_for(workspace=self.workspace, wish=wish, member=self.member, by=self.actor, now=timezone.now())
        except Refusal as refusal:
            messages.error(request, refusal.detail)
        return redirect("settings-demo", self.workspace.slug)


class DemoProgress(DemoView):
    """Asked for every second while it is under way."""

    def get(self, request: Any) -> HttpResponseBase:
        return self.page("referrals/demo/_standing.html", **self.standing())
