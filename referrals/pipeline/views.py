"""The list of referrals, and moving one. Their record is on the top floor, where the whole story can be seen."""

from typing import Any, ClassVar

from django.contrib import messages
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
from referrals.pipeline import actions, lists
from referrals.pipeline.forms import MoveForm


class ReferralList(ListView):
    spec: ClassVar[ListSpec] = lists.REFERRALS
    template: ClassVar[str] = "referrals/pipeline/list.html"
    empty: ClassVar[str] = "referrals/pipeline/_none.html"

    @cached_property
    def counts(self) -> dict[str, int]:
        return lists.stage_counts(self.workspace)

    def tab_counts(self) -> dict[str, int]:
        return self.counts

    def more(self, chosen: Chosen) -> dict[str, Any]:
        return {"open_count": self.counts[""]}


class MoveReferral(WorkspaceView):
    write_permission: ClassVar[Permission | None] = Permission.REFERRAL_WRITE

    def post(self, request: Any, referral_id: str) -> HttpResponseBase:
        referral = find_or_404(self.workspace.referrals, referral_id)
        form = MoveForm(request.POST)
        if form.is_valid():
            try:
                moved = actions.move(
                    referral=referral,
                    stage=form.cleaned_data["stage"],
                    reason=form.cleaned_data["reason"],
                    deal_value=form.deal_value,
                    by=self.actor,
                    now=timezone.now(),
                )
            except Refusal as refusal:
                form.add_error("value" if refusal.field == "deal_value" else None, refusal.detail)
            else:
                messages.success(request, f"{moved.referee_name}: {moved.get_stage_display().lower()}.")
                return redirect("referral-record", self.workspace.slug, referral_id)
        return self.page("referrals/pipeline/move.html", status=422, referral=referral, form=form)
