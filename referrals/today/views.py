"""The desk people keep open all day. Each address opens one row; the pile stands beside it."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.formats import date_format
from django.utils.functional import cached_property

from accounts.mail import connections, outbox
from accounts.members.permissions import Permission
from accounts.members.views import WorkspaceView
from accounts.tenancy.errors import Refusal
from accounts.tenancy.lookup import find_or_404
from referrals.asks.warm_start import warm_start
from referrals.first_run import queries as first_run
from referrals.insights import pulse
from referrals.outages import actions as outages
from referrals.outages.queries import unread
from referrals.practice import queries as practice
from referrals.today import opened, queries, slips
from referrals.today.headline import Waiting, headline
from referrals.today.opened import Opened
from referrals.today.queries import Pile


class DeskView(WorkspaceView):
    """What every address of the desk has in common. With htmx only the desk is sent, for the poll only the pile."""

    @cached_property
    def now(self) -> datetime:
        return timezone.now()

    @cached_property
    def reader(self) -> slips.Reader:
        zone = queries.zone_of(self.member, self.workspace)
        return slips.Reader(self.workspace.slug, zone, self.now, self.can(Permission.SCORES_READ))

    @property
    def is_partial(self) -> bool:
        return bool(self.request.htmx) and not self.request.htmx.history_restore_request

    def desk(self, open_: Opened | None, pile: Pile | None = None, *, chosen: bool = True, status: int = 200) -> Any:
        """The desk with this row open; `chosen` is False where nobody picked it, so that phones show the pile."""
        pile = pile or queries.pile(workspace=self.workspace, now=self.now)
        here = open_.url(self.workspace.slug) if open_ else reverse("today", args=[self.workspace.slug])
        context = {"open": open_, "chosen": chosen, "here": here, **self._top(pile), **self._pile(pile, open_)}
        if self.request.GET.get("part") == "pile":
            return self.page("referrals/today/_poll.html", **context)
        context |= self._foot()
        template = "_desk.html" if self.is_partial else "today.html"
        response = self.page(f"referrals/today/{template}", status, is_partial=self.is_partial, **context)
        patch_vary_headers(response, ["HX-Request"])
        return response

    def act(self, do: Callable[[], object], *, said: str, back: str, then: str = "", undo: str = "") -> HttpResponse:
        """Do one thing, say so and go on (to the next row); a refusal is said where it happened (`back`)."""
        try:
            do()
        except Refusal as refusal:
            return self.refuse(refusal.detail, back)
        return self.said(said, then or self.url("today"), undo)

    def said(self, words: str, then: str, undo: str = "") -> HttpResponse:
        """Go on to `then` and say what happened. The tag of a message is the address that takes it back."""
        messages.success(self.request, words, extra_tags=undo)
        return redirect(then)

    def refuse(self, words: str, back: str) -> HttpResponse:
        """Back to where it was tried, with the reason why not."""
        messages.error(self.request, words)
        return redirect(back)

    def url(self, name: str, *ids: str) -> str:
        return reverse(name, args=[self.workspace.slug, *ids])

    def _top(self, pile: Pile) -> dict[str, Any]:
        waiting = [
            Waiting(ask.responded_at, ask.deadline_at, is_praise=slips.response_of(ask) is not None)
            for ask in [*pile.asks, *pile.needing]
            if ask.state == ask.State.QUEUED and not queries.is_by_hand(ask)
        ]
        return {
            "over": date_format(self.now.astimezone(self.reader.zone), "l j F, H:i"),
            "pace": self._pace(),
            "mail_trouble": connections.trouble_of(self.workspace),
            "may_mend_mail": self.can(Permission.SETTINGS_MANAGE),
            "top": headline(waiting, missed=pile.missed, zone=self.reader.zone, now=self.now),
        }

    def _pace(self) -> dict[str, str]:
        kept = queries.pace(workspace=self.workspace, now=self.now)
        in_time = kept.in_time_by_person + kept.in_time_untouched
        return {
            "median": "" if kept.median_minutes is None else slips.span_words(timedelta(minutes=kept.median_minutes)),
            "in_time": f"{in_time} of {kept.due}" if kept.due else "",
        }

    def _pile(self, pile: Pile, open_: Opened | None) -> dict[str, Any]:
        reader = self.reader
        return {
            "current": open_.slip_id if open_ else "",
            "asks": [slips.ask_slip(ask, reader) for ask in pile.asks],
            "needing": [slips.needing_slip(ask, reader) for ask in pile.needing],
            "begun": [slips.begun_slip(ask, reader) for ask in pile.by_hand],
            "leaving": [slips.leaving_slip(ask, reader) for ask in pile.leaving],
            "also": [
                *(slips.referral_slip(row, reader) for row in pile.referrals),
                *(slips.thank_you_slip(row, reader) for row in pile.thank_yous),
                *(slips.reward_slip(row, reader) for row in pile.rewards),
            ],
            "trouble": outbox.trouble(self.workspace) if reader.sees_scores else {},
        }

    def _foot(self) -> dict[str, Any]:
        midnight = datetime.combine(self.now.astimezone(self.reader.zone).date(), time(0), self.reader.zone)
        return {
            "warm": warm_start(workspace=self.workspace, now=self.now) if self.reader.sees_scores else None,
            "done": queries.done_since(workspace=self.workspace, since=midnight),
            "pulse": pulse.sentences(workspace=self.workspace, member=self.member, now=self.now),
            "may_dismiss": self.can(Permission.ASK_SEND),
            "first_run": first_run.on_today(workspace=self.workspace, member=self.member),
            "practice": practice.on_today(self.workspace) if self.can(Permission.ASK_SEND) else None,
            "outages": [(report, outages.told(report)) for report in unread(self.workspace)],
        }


class TodayView(DeskView):
    """Today, with the most urgent row open."""

    def get(self, request: Any) -> Any:
        pile = queries.pile(workspace=self.workspace, now=self.now)
        return self.desk(self._first(pile), pile, chosen=False)

    def _first(self, pile: Pile) -> Opened | None:
        about: dict[str, Any] = {"reader": self.reader, "member": self.member}
        for asks in (pile.asks, pile.needing, pile.by_hand):
            if asks:
                return opened.ask(asks[0], **about)
        if pile.referrals:
            return opened.referral(pile.referrals[0], **about)
        if pile.thank_yous:
            return opened.thank_you(pile.thank_yous[0], **about)
        if pile.rewards:
            return opened.reward(pile.rewards[0], **about)
        return opened.ask(pile.leaving[0], **about) if pile.leaving else None


class AskDeskView(DeskView):
    """Addresses of one ask."""

    def find_ask(self, ask_id: str) -> Any:
        return find_or_404(queries.ask_rows(self.workspace), ask_id)

    def get(self, request: Any, ask_id: str) -> Any:
        return self.desk(opened.ask(self.find_ask(ask_id), reader=self.reader, member=self.member))


class AskView(AskDeskView):
    """One ask, its letter and margin."""

    http_method_names = ["get", "head", "options"]


class FrontView(WorkspaceView):
    """`/app/<workspace>/`, as mails and bookmarks have it: the day begins on Today."""

    def get(self, request: Any) -> HttpResponse:
        return redirect("today", self.workspace.slug)
