"""Every list of the dashboard: one page, and what is done with its rows.

A list's own view names its `spec` and its `template` (extends accounts/lists/list.html), and adds what only it knows.
"""

from typing import Any, ClassVar
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from accounts.lists import actions, paging, queries, shown, spec
from accounts.lists.bulk import MOST_ROWS
from accounts.lists.choosing import Chosen, chosen_of
from accounts.lists.errors import TooManyChosen
from accounts.lists.spec import BulkAction, Doing, ListSpec
from accounts.members.views import WorkspaceView
from accounts.tenancy import ids
from accounts.tenancy.errors import Refusal

_OUTCOME = "bulk-outcome"


class ListView(WorkspaceView):
    """One list. Everything chosen stands in the address, so it can be kept, sent and found again."""

    spec: ClassVar[ListSpec]
    template: ClassVar[str]
    # What is said while there is nothing yet.
    empty: ClassVar[str]

    def more(self, chosen: Chosen) -> dict[str, Any]:
        """Further context for the list's own template."""
        return {}

    def tab_counts(self) -> dict[str, int]:
        """How many rows lie behind each tab, by the tab's value."""
        return {}

    @cached_property
    def chosen(self) -> Chosen:
        return chosen_of(self.spec, self.member, self.request.GET)

    def get(self, request: Any) -> HttpResponseBase:
        if request.GET.get("part") == "news":
            return self._news()
        if not request.GET and (default := queries.default_view(member=self.member, list_name=self.spec.name)):
            return redirect(f"{request.path}?view={default.public_id}&{default.query}")
        return self.page(self.template, **self.context())

    def context(self) -> dict[str, Any]:
        """What the page shows: about five statements, whatever the number of rows."""
        chosen = self.chosen
        rows = chosen.rows()
        page = paging.page_of(rows, chosen.sort, self.request.GET.get("at", ""))
        if self.spec.prepare is not None:
            self.spec.prepare(self.workspace, page.rows)
        count = len(page.rows) if not (page.previous or page.next) else paging.counted(rows)
        views = shown.views(chosen, self.request.GET.get("view", ""))
        keep = f"view={views.current.public_id}&" if views.current else ""
        return {
            "chosen": chosen,
            "spec": self.spec,
            "rows": page.rows,
            "lines": shown.lines(page.rows, chosen.columns),
            "heads": shown.heads(chosen, keep),
            "selects": shown.selects(chosen),
            "columns_offered": shown.columns_offered(chosen),
            "bulk": shown.bulk_forms(chosen),
            "views": views,
            "page": page,
            "keep": keep,
            "here": chosen.query(),
            "count": count,
            "counted": _counted(count),
            "most_rows": MOST_ROWS,
            "whole": address(chosen.query(**{**dict.fromkeys(chosen.values, ""), **self.spec.whole})),
            "sorts": self.spec.sorts_for(self.member),
            "empty": self.empty,
            "tabs": self._tabs(),
            "is_begin": not page.rows and not self._any_rows(),
            "outcome": self.request.session.pop(_OUTCOME, None),
            **self.more(chosen),
        }

    def _any_rows(self) -> bool:
        return self.spec.rows_for(self.member, self.spec.whole).exists()

    def _tabs(self) -> list[dict[str, Any]]:
        tabs = [one for one in self.spec.filters_for(self.member) if one.as_tabs]
        if not tabs:
            return []
        counts, value = self.tab_counts(), self.chosen.values[tabs[0].key]
        return [
            {
                "label": choice.label,
                "key": tabs[0].key,
                "value": choice.value,
                "url": address(self.chosen.query(**{tabs[0].key: choice.value})),
                "current": choice.value == value,
                "count": counts.get(choice.value),
            }
            for choice in self.chosen.choices[tabs[0].key]
        ]

    def _news(self) -> HttpResponseBase:
        """For the poll: how many rows came in since the page was made. Nothing on the page moves by itself."""
        before = self.request.GET.get("count", "")
        count = paging.counted(self.chosen.rows())
        came = count - int(before) if before.isascii() and before.isdigit() and len(before) < 9 else 0
        if str(max(came, 0)) == self.request.GET.get("told"):
            # Said already: a screen reader is not told twice.
            return HttpResponse(status=204)
        here = self.chosen.query()
        return self.page("accounts/lists/_news.html", came=came, count=before, spec=self.spec, here=here, keep="")


class ChosenRows(WorkspaceView):
    """What is done with rows of a list: the list by its name, the rows by their ids or by the address."""

    @cached_property
    def spec(self) -> ListSpec:
        found = spec.find(self.kwargs["list_name"])
        if found is None:
            raise Http404
        return found

    @cached_property
    def chosen(self) -> Chosen:
        return chosen_of(self.spec, self.member, QueryDict(self.request.POST.get("query", "")[:1000]))

    @property
    def ids(self) -> list[str] | None:
        """The public ids of the rows chosen one by one; None: all that the address finds."""
        return None if self.request.POST.get("all") else self.request.POST.getlist("ids")

    def rows(self) -> list[Any]:
        """The chosen rows. Raises TooManyChosen."""
        rows = self.chosen.rows().order_by("pk")
        if self.ids is not None:
            rows = rows.filter(pk__in=_keys(rows.model.prefix, self.ids))
        found = list(rows[: MOST_ROWS + 1])
        if len(found) > MOST_ROWS:
            raise TooManyChosen(f"That is more than {MOST_ROWS}, the most for one go. Narrow the list a little.")
        return found

    def back(self) -> HttpResponseBase:
        view = urlencode({"view": self.request.POST.get("view", "")[:60]})
        return redirect(f"{reverse(self.spec.url_name, args=[self.workspace.slug])}?{view}&{self.chosen.query()}")


class DoToRows(ChosenRows):
    """One bulk action. Who may do none of the list's is refused."""

    def post(self, request: Any, list_name: str) -> HttpResponseBase:
        if not self.spec.actions_for(self.member):
            raise PermissionDenied(f"As {self.member.get_role_display().lower()} you can't change these.")
        action = self._action()
        form = shown.form_of(action, self.member, request.POST)
        if form is not None and not form.is_valid():
            messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
            return self.back()
        try:
            rows = self.rows()
        except Refusal as refusal:
            messages.error(request, refusal.detail)
            return self.back()
        doing = Doing(self.workspace, self.actor, timezone.now(), form.cleaned_data if form is not None else {})
        outcome = actions.run_bulk(action=action, rows=rows, doing=doing)
        request.session[_OUTCOME] = {"said": outcome.said, "reasons": outcome.reasons}
        return self.back()

    def _action(self) -> BulkAction:
        wanted = self.request.POST.get("action", "")
        for action in self.spec.actions_for(self.member):
            if action.key == wanted:
                return action
        raise Http404


def address(query: str) -> str:
    """A link inside the list. Without anything in it the list would open in the member's own view."""
    return f"?{query or 'view='}"


def _keys(prefix: str, public_ids: list[str]) -> list[Any]:
    """The keys of readable ids; others find nothing."""
    keys = []
    for public_id in public_ids[: MOST_ROWS + 1]:
        try:
            keys.append(ids.decode(prefix, public_id))
        except ids.BadId:
            continue
    return keys


def _counted(count: int) -> str:
    return f"{paging.MOST_COUNTED:,}+" if count > paging.MOST_COUNTED else f"{count:,}"
