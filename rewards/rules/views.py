"""Reward rules: each one plain sentence, seen before it is promised."""

from typing import Any, ClassVar

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from accounts.members import navigation
from accounts.members.permissions import Permission
from accounts.members.views import WorkspaceView
from accounts.tenancy.errors import Refusal
from accounts.tenancy.lookup import find_or_404
from rewards.rules import actions
from rewards.rules.forms import RuleForm
from rewards.rules.models import RewardRule
from rewards.rules.sentences import sentence


class RewardRules(WorkspaceView):
    """The live rule of each side. POST shows the sentence first, and promises it when it comes back confirmed."""

    permission: ClassVar[Permission] = Permission.PROGRAM_WRITE

    def get(self, request: Any) -> HttpResponseBase:
        return self._show(RuleForm(initial={"currency": self.workspace.currency}))

    def post(self, request: Any) -> HttpResponseBase:
        form = RuleForm(request.POST)
        if not form.is_valid():
            return self._show(form, status=422)
        # Promised is what was read: whoever changed a field since sees the new sentence first.
        if request.POST.get("confirm") != form.sentence:
            return self._show(form)
        try:
            actions.create(workspace=self.workspace, by=self.actor, now=timezone.now(), **form.terms())
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.detail)
            return self._show(form, status=422)
        messages.success(request, "Promised from now on. What was promised before stays owed.")
        return redirect("reward-rules", self.workspace.slug)

    def _show(self, form: RuleForm, status: int = 200) -> HttpResponseBase:
        live = self.workspace.reward_rules.filter(state=RewardRule.State.LIVE).order_by("-side")
        return self.page(
            "rewards/rules/page.html",
            status=status,
            form=form,
            rules=[{"rule": rule, "sentence": sentence(rule)} for rule in live],
            tabs=navigation.settings_of(self.member, self.workspace.slug, self.request.path),
        )


class RetireRule(WorkspaceView):
    permission: ClassVar[Permission] = Permission.PROGRAM_WRITE

    def post(self, request: Any, rule_id: str) -> HttpResponseBase:
        rule = find_or_404(self.workspace.reward_rules, rule_id)
        try:
            actions.retire(rule=rule, by=self.actor, now=timezone.now())
        except Refusal as refusal:
            messages.error(request, refusal.detail)
        else:
            messages.success(request, "Nothing more is promised under this rule.")
        return redirect("reward-rules", self.workspace.slug)
