"""The list of referrals, and moving one. Their record is on the top floor, where the whole story can be seen."""

from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from accounts.members.lists import chosen, page_of, typed
from accounts.members.permissions import Permission
from accounts.members.views import WorkspaceView
from accounts.tenancy.errors import Refusal
from accounts.tenancy.lookup import find_or_404
from referrals.pipeline import actions
from referrals.pipeline.forms import MoveForm
from referrals.pipeline.models import Referral

Stage = Referral.Stage

SHOWS = {
    "": ("Open", ["new", "contacted", "meeting_booked", "met", "qualified"]),
    "named": ("Only named", ["named"]),
    "won": ("Won", ["won"]),
    "ended": ("Lost or rejected", ["lost", "rejected", "churned", "refunded"]),
    "all": ("All", [stage.value for stage in Stage]),
}
SORTS = {"-created": ("Newest", ["-created_at", "-pk"]), "waiting": ("Longest unmoved", ["stage_changed_at", "pk"])}


class ReferralList(WorkspaceView):
    def get(self, request: Any) -> HttpResponseBase:
        search, show = typed(request), chosen(request, "show", SHOWS)
        sort = chosen(request, "sort", SORTS, "-created")
        rows = self._rows(search, SHOWS[show][1]).order_by(*SORTS[sort][1])
        counts = self.workspace.referrals.aggregate(
            **{f"n_{key}": Count("pk", filter=Q(stage__in=stages)) for key, (_words, stages) in SHOWS.items()}
        )
        address = reverse("referral-list", args=[self.workspace.slug])
        return self.page(
            "referrals/pipeline/list.html",
            rows=page_of(request, rows),
            search=search,
            show=show,
            sort=sort,
            sorts=[(key, words) for key, (words, _order) in SORTS.items()],
            tabs=[
                {"label": words, "url": f"{address}?show={key}", "current": key == show, "count": counts[f"n_{key}"]}
                for key, (words, _stages) in SHOWS.items()
            ],
            open_count=counts["n_"],
            all_count=counts["n_all"],
        )

    def _rows(self, search: str, stages: list[str]) -> "QuerySet[Referral]":
        rows = self.workspace.referrals.filter(stage__in=stages).select_related("referrer__company", "owner")
        for word in search.split()[:5]:
            rows = rows.filter(
                Q(referee_name__icontains=word)
                | Q(referee_company_name__icontains=word)
                | Q(referee_email__icontains=word)
                | Q(referrer__first_name__icontains=word)
                | Q(referrer__last_name__icontains=word)
            )
        return rows


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
