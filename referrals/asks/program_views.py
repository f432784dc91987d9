"""Programs among the settings. They live here and not beside their models, because asks know how texts are read."""

from typing import Any, ClassVar

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from accounts.members import navigation
from accounts.members.permissions import Permission
from accounts.members.views import WorkspaceView
from accounts.tenancy.lookup import find_or_404
from referrals.asks.drafts import TOKENS
from referrals.asks.program_actions import change_program
from referrals.asks.program_forms import ProgramForm
from referrals.programs.models import Program


class ProgramList(WorkspaceView):
    permission: ClassVar[Permission] = Permission.PROGRAM_WRITE

    def get(self, request: Any) -> HttpResponseBase:
        return self.page(
            "referrals/programs/list.html",
            programs=self.workspace.programs.order_by("priority", "pk"),
            tabs=navigation.settings_of(self.member, self.workspace.slug, request.path),
        )


class ProgramSettings(WorkspaceView):
    permission: ClassVar[Permission] = Permission.PROGRAM_WRITE

    def get(self, request: Any, program_id: str) -> HttpResponseBase:
        program = find_or_404(self.workspace.programs, program_id)
        return self._show(program, ProgramForm(instance=program))

    def post(self, request: Any, program_id: str) -> HttpResponseBase:
        program = find_or_404(self.workspace.programs, program_id)
        form = ProgramForm(request.POST, instance=find_or_404(self.workspace.programs, program_id))
        if not form.is_valid():
            return self._show(program, form, status=422)
        change_program(
            workspace=self.workspace, program=program, fields=form.cleaned_data, by=self.actor, now=timezone.now()
        )
        messages.success(request, "Saved. Letters that are already drafted keep their words.")
        return redirect("program-settings", self.workspace.slug, program_id)

    def _show(self, program: Program, form: ProgramForm, status: int = 200) -> HttpResponseBase:
        return self.page(
            "referrals/programs/settings.html",
            status=status,
            program=program,
            form=form,
            tokens=sorted(TOKENS),
            tabs=navigation.settings_of(
                self.member, self.workspace.slug, reverse("program-list", args=[self.workspace.slug])
            ),
        )
