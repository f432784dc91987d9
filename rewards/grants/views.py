"""The list of rewards, and what a person decides about one."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import Count, Q
from django.forms import Form
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from accounts.members.lists import chosen, page_of, typed
from accounts.members.permissions import Permission
from accounts.members.views import WorkspaceView
from accounts.tenancy.errors import Refusal
from accounts.tenancy.lookup import find_or_404
from rewards.grants import actions
from rewards.grants.forms import CancelForm, FulfilForm
from rewards.grants.models import Reward

State = Reward.State

SHOWS = {
    "": ("To approve", [State.PENDING_APPROVAL]),
    "held": ("On hold", [State.HELD]),
    "approved": ("To hand over", [State.APPROVED, State.PAYING, State.FAILED]),
    "paid": ("Paid", [State.PAID]),
    "ended": ("Ended", [State.CANCELLED, State.CLAWED_BACK]),
    "all": ("All", list(State)),
}


class RewardList(WorkspaceView):
    def get(self, request: Any) -> HttpResponseBase:
        search, show = typed(request), chosen(request, "show", SHOWS)
        rows = self.workspace.rewards.filter(state__in=SHOWS[show][1]).select_related("contact", "company")
        for word in search.split()[:5]:
            rows = rows.filter(
                Q(contact__first_name__icontains=word)
                | Q(contact__last_name__icontains=word)
                | Q(company__name__icontains=word)
            )
        counts = self.workspace.rewards.aggregate(
            **{f"n_{key}": Count("pk", filter=Q(state__in=states)) for key, (_words, states) in SHOWS.items()}
        )
        address = reverse("reward-list", args=[self.workspace.slug])
        return self.page(
            "rewards/grants/list.html",
            rows=page_of(request, rows.order_by("-granted_at", "-pk")),
            search=search,
            show=show,
            tabs=[
                {"label": words, "url": f"{address}?show={key}", "current": key == show, "count": counts[f"n_{key}"]}
                for key, (words, _states) in SHOWS.items()
            ],
            waiting=counts["n_"],
            all_count=counts["n_all"],
        )


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
