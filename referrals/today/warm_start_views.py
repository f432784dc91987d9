"""The warm start: who already praised us. A person decides whom to ask, some a day."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from accounts.members.permissions import Permission
from accounts.tenancy.errors import Refusal
from accounts.tenancy.lookup import find_or_404
from referrals.asks import actions as asks
from referrals.asks.warm_start import Candidate, warm_start
from referrals.today import opened
from referrals.today.headline import count_words, people
from referrals.today.views import DeskView

_MOST_SHOWN = 200
_WHY = {
    "no_longer_high": "gave a lower answer since",
    "escalated_ticket": "with an escalated support case",
    "no_contact": "where we know nobody by name",
    "churned": "no longer customers",
    "trial": "still on trial",
    "low_answer": "unhappy a short while ago",
    "renewal_near": "about to renew",
    "two_silences": "left two asks unanswered",
    "open_ask": "with an ask under way",
    "resting": "asked not long ago",
    "company_cap": "with a colleague who was asked",
    "suppressed": "asked not to hear from us",
    "opted_out": "would rather not be asked",
    "role_address": "with a shared address only",
    "open_ticket": "with an open support case",
    "open_deal": "negotiating with us",
    "open_recovery": "where we are making something right",
    "overdue_invoice": "with an overdue invoice",
    "notice_given": "gave notice",
    "absence": "away",
}


@dataclass(frozen=True, slots=True)
class LeftAlone:
    """Somebody we would not ask, why, and until when."""

    name: str
    detail: str
    until: datetime | None


class WarmStartView(DeskView):
    """Ready and left alone, each with its reason."""

    permission = Permission.SCORES_READ

    def get(self, request: Any) -> Any:
        warm = warm_start(workspace=self.workspace, now=self.now)
        return self.page(
            "referrals/today/warm_start.html",
            warm=warm,
            ready=warm.ready[:_MOST_SHOWN],
            groups=_by_reason(warm.left_alone),
            lead=f"{people(len(warm.ready))} to ask, because they or their company already praised us."
            if warm.ready
            else "Nobody from before waits to be asked.",
            moment=f"{count_words(warm.experts)} of them {'knows' if warm.experts == 1 else 'know'} the product best."
            if warm.experts
            else "",
            zone=self.reader.zone,
            refused=opened.no_permission(self.member, Permission.ASK_SEND, "ask"),
        )


class AskFromWarmStart(DeskView):
    """Begin an ask by hand, and open its letter."""

    permission = Permission.SCORES_READ
    write_permission = Permission.ASK_SEND
    http_method_names = ["post"]

    def post(self, request: Any, contact_id: str) -> HttpResponse:
        contact = find_or_404(self.workspace.contacts.all(), contact_id)
        try:
            ask = asks.ask_by_hand(workspace=self.workspace, contact=contact, by=self.actor, now=self.now)
        except Refusal as refusal:
            messages.error(request, refusal.detail)
            return redirect("warm-start", self.workspace.slug)
        return redirect("today-ask", self.workspace.slug, ask.public_id)


def _by_reason(left_alone: list[Candidate]) -> list[tuple[str, list[LeftAlone]]]:
    """(why, who) for every first reason, the most frequent first."""
    groups: dict[str, list[LeftAlone]] = {}
    for one in left_alone:
        reason, who = one.reasons[0], one.contact or one.company
        named = str(who) if who else "Somebody without a name"
        if one.contact and one.company:
            named = f"{one.contact.name}, {one.company.name}"
        why = _WHY.get(reason.code) or reason.code.replace("_", " ")
        groups.setdefault(why, []).append(LeftAlone(named, reason.detail, reason.until))
    return sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))
