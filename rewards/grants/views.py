"""The list of rewards, and what a person decides about one."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import messages
from django.forms import Form
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import cached_property

from accounts.lists.choosing import Chosen
from accounts.lists.spec import ListSpec
from accounts.lists.views import ListView
from accounts.members.permissions import Permission
from accounts.members.views import WorkspaceView
from accounts.tenancy.errors import Refusal
from accounts.tenancy.lookup import find_or_404
from rewards.grants import actions, lists
from rewards.grants.forms import CancelForm, FulfilForm
from rewards.grants.models import Reward


class RewardList(ListView):
    spec: ClassVar[ListSpec] = lists.REWARDS
    template: ClassVar[str] = "rewards/grants/list.html"
    empty: ClassVar[str] = "rewards/grants/_none.html"

    @cached_property
    def counts(self) -> dict[str, int]:
        return lists.state_counts(self.workspace)

    def tab_counts(self) -> dict[str, int]:
        return self.counts

    def more(self, chosen: Chosen) -> dict[str, Any]:
        return {"waiting": self.counts[""], "all_count": self.counts["all"]}


class DecideReward(WorkspaceView):
    """One decision: a form, an action and what is said afterwards. A refusal is shown, nothing is lost."""

    write_permission: ClassVar[Permission | None] = Permission.REWARD_APPROVE
    form_class: ClassVar[type[Form]] = Form
    action: ClassVar[Callable[..., Reward]]
    done: ClassVar[str] = ""

    def post(self, request: Any, reward_id: str) -> HttpResponseBase:
        reward = find_or_404(self.workspace.rewards.select_related("contact", "company"), reward_id)
        form = self.form_class(request.POST)
        if form.is_valid():
            try:
                type(self).action(reward=reward, by=self.actor, now=timezone.now(), **form.cleaned_data)
            except Refusal as refusal:
                form.add_error(None, refusal.detail)
            else:
                messages.success(request, self.done)
                return redirect("reward-record", self.workspace.slug, reward_id)
        return self.page("rewards/grants/decide.html", status=422, reward=reward, form=form)


class ApproveReward(DecideReward):
    action = actions.approve
    done = "Approved."


class CancelReward(DecideReward):
    form_class = CancelForm
    action = actions.cancel
    done = "Cancelled. What was owed is taken back in the ledger."


class FulfilReward(DecideReward):
    form_class = FulfilForm
    action = actions.fulfil
    done = "Handed over."
