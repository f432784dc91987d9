"""One's notices: the bell, the list, and how one wants to be told. Everybody's own; nobody sees a colleague's."""

from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django_htmx.http import HttpResponseClientRedirect

from accounts.lists.spec import ListSpec
from accounts.lists.views import ListView
from accounts.members.views import WorkspaceView
from accounts.notices import actions, lists, queries
from accounts.notices.context import of as bell_of
from accounts.notices.forms import ChoicesForm
from accounts.notices.models import Channel
from accounts.tenancy.lookup import find_or_404


class NoticeList(ListView):
    spec: ClassVar[ListSpec] = lists.NOTICES
    template: ClassVar[str] = "accounts/notices/list.html"
    empty: ClassVar[str] = "accounts/notices/_none.html"


class Bell(WorkspaceView):
    """For the poll: the bell, where the number of unread notices has changed since it was drawn."""

    def get(self, request: Any) -> HttpResponseBase:
        bell, told = bell_of(self.member), request.GET.get("told", "")
        if str(bell["unread"]) == told:
            return HttpResponse(status=204)
        more = told.isascii() and told.isdigit() and len(told) < 9 and bell["unread"] > int(told)
        newest = queries.newest_unread(workspace=self.workspace, member=self.member) if more else None
        return self.page("accounts/notices/_bell.html", bell=bell, newest=newest)


class OpenNotice(WorkspaceView):
    """It is read, and on to what it is about."""

    def post(self, request: Any, notice_id: str) -> HttpResponseBase:
        notice = find_or_404(self.workspace.notices.filter(member=self.member), notice_id)
        actions.mark_read(workspace=self.workspace, member=self.member, notices=[notice], now=timezone.now())
        return HttpResponseClientRedirect(notice.path) if request.htmx else redirect(notice.path)


class ReadAll(WorkspaceView):
    def post(self, request: Any) -> HttpResponseBase:
        count = actions.mark_read(workspace=self.workspace, member=self.member, notices=None, now=timezone.now())
        messages.success(
            request, f"{count} notice{'' if count == 1 else 's'} marked as read." if count else "All read."
        )
        return redirect("notices", self.workspace.slug)


class Choices(WorkspaceView):
    """How one wants to be told."""

    def get(self, request: Any) -> HttpResponseBase:
        return self._show(self._form())

    def post(self, request: Any) -> HttpResponseBase:
        form = self._form(request.POST)
        if not form.is_valid():
            return self._show(form, status=422)
        actions.choose(
            workspace=self.workspace,
            member=self.member,
            chosen=form.chosen(),
            quiet=form.cleaned_data["quiet"],
            by=self.actor,
            now=timezone.now(),
        )
        messages.success(request, "Saved.")
        return redirect("notice-choices", self.workspace.slug)

    def _form(self, data: Any = None) -> ChoicesForm:
        choices = actions.choices_of(self.workspace, [self.member.pk])[self.member.pk]
        has_slack = self.workspace.slack_connections.exists()
        return ChoicesForm(data, member=self.member, choices=choices, has_slack=has_slack)

    def _show(self, form: ChoicesForm, status: int = 200) -> HttpResponseBase:
        has_slack = Channel.SLACK in form.ways
        return self.page("accounts/notices/choices.html", status=status, form=form, has_slack=has_slack, me=self.member)
