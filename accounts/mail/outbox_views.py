"""The outbox: what became of every mail, and what a person decides about the ones nobody heard of."""

from collections.abc import Callable
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from accounts.mail import confirming, outbox, owners
from accounts.mail.models import Message
from accounts.members.lists import typed
from accounts.members.permissions import Permission
from accounts.members.views import WorkspaceView
from accounts.tenancy.errors import Refusal
from accounts.tenancy.lookup import find_or_404


class OutboxView(WorkspaceView):
    """The list. Subjects of notices tell scores, so it is for those who may know them."""

    permission: ClassVar[Permission] = Permission.SCORES_READ

    def get(self, request: Any) -> HttpResponseBase:
        trouble = outbox.trouble(self.workspace)
        tab, search = self._tab(trouble), typed(request)
        leaf = outbox.leaf(
            workspace=self.workspace,
            tab=tab,
            search=search,
            before=request.GET.get("before", ""),
            now=timezone.now(),
        )
        return self.page(
            "accounts/mail/outbox.html",
            rows=leaf.rows,
            older=leaf.older,
            begun=request.GET.get("before", ""),
            tab=tab,
            tabs=self._tabs(tab, trouble),
            search=search,
            trouble=trouble,
            may_decide=self.can(Permission.ASK_SEND),
        )

    def _tab(self, trouble: dict[str, int]) -> str:
        """The chosen tab, else the first that needs somebody."""
        wanted = self.request.GET.get("show", "")
        if wanted in outbox.TABS:
            return wanted
        return next((tab for tab in ("unconfirmed", "failed") if trouble[tab]), "sent")

    def _tabs(self, current: str, trouble: dict[str, int]) -> list[dict[str, object]]:
        return [
            {"label": label, "url": f"?show={tab}", "current": tab == current, "count": trouble.get(tab) or ""}
            for tab, (label, _states) in outbox.TABS.items()
        ]


class MessageDeed(WorkspaceView):
    """One POST about one mail; then back to the tab it was done on."""

    permission: ClassVar[Permission] = Permission.SCORES_READ
    write_permission: ClassVar[Permission] = Permission.ASK_SEND
    http_method_names = ["post"]

    def act(self, message: Message, do: Callable[..., Message], said: str, undo: str = "") -> HttpResponse:
        try:
            do(workspace=self.workspace, message=message, by=self.actor, now=timezone.now())
        except Refusal as refusal:
            messages.error(self.request, refusal.detail)
        else:
            messages.success(self.request, said, extra_tags=undo)
        show = self.request.POST.get("show", "")
        query = f"?{urlencode({'show': show})}" if show in outbox.TABS else ""
        return redirect(reverse("outbox", args=[self.workspace.slug]) + query)


class MessageArrived(MessageDeed):
    """A person found out that it arrived."""

    def post(self, request: Any, message_id: str) -> HttpResponse:
        message = find_or_404(self.workspace.messages, message_id)
        return self.act(message, confirming.confirm_arrival, f"Noted: {message.to_name or message.to_email} got it.")


class SendMessageAgain(MessageDeed):
    """It goes out once more, where whoever it belongs to agrees."""

    def post(self, request: Any, message_id: str) -> HttpResponse:
        message = find_or_404(self.workspace.messages, message_id)
        found = owners.belongings(workspace=self.workspace, messages=[message], now=timezone.now())
        undo = found[message.pk].undo_url if message.pk in found else ""
        said = f"Goes out to {message.to_name or message.to_email} again."
        return self.act(message, confirming.send_again, said, undo)
