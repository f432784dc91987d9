"""Lists of companies and people. Their records are on the top floor, where everybody can be seen."""

from typing import Any

from django.http.response import HttpResponseBase

from accounts.customers import lists
from accounts.members.lists import chosen, page_of, typed
from accounts.members.permissions import Permission
from accounts.members.views import WorkspaceView

COMPANY_SHOWS = [("", "All"), ("customers", "Customers"), ("trial", "On trial"), ("left", "Left us")]
COMPANY_SORTS = [("name", "Name"), ("-revenue", "Revenue"), ("renewal", "Next renewal"), ("-since", "Newest customers")]
CONTACT_SHOWS = [("", "Everybody"), ("experts", "Experts"), ("resting", "Resting")]
SCORE_SHOWS = [("promoters", "Promoters"), ("low", "Latest answer low")]
CONTACT_SORTS = [("name", "Name"), ("-asked", "Last asked")]
SCORE_SORTS = [("-answered", "Latest answer")]


class CompanyList(WorkspaceView):
    def get(self, request: Any) -> HttpResponseBase:
        search, show = typed(request), chosen(request, "show", lists.COMPANY_SHOWS)
        sort = chosen(request, "sort", lists.COMPANY_SORTS, "name")
        rows = lists.companies(workspace=self.workspace, search=search, show=show, sort=sort)
        return self.page(
            "accounts/customers/company_list.html",
            rows=page_of(request, rows),
            search=search,
            show=show,
            shows=COMPANY_SHOWS,
            sort=sort,
            sorts=COMPANY_SORTS,
            may_import=self.can(Permission.CUSTOMER_WRITE),
        )


class ContactList(WorkspaceView):
    """People. Without the permission nothing here tells one person's score, not even the order."""

    def get(self, request: Any) -> HttpResponseBase:
        sees_scores = self.can(Permission.SCORES_READ)
        shows = CONTACT_SHOWS + SCORE_SHOWS if sees_scores else CONTACT_SHOWS
        sorts = CONTACT_SORTS + SCORE_SORTS if sees_scores else CONTACT_SORTS
        search, show = typed(request), chosen(request, "show", dict(shows))
        sort = chosen(request, "sort", dict(sorts), "name")
        rows = lists.contacts(workspace=self.workspace, search=search, show=show, sort=sort)
        return self.page(
            "accounts/customers/contact_list.html",
            rows=page_of(request, rows),
            search=search,
            show=show,
            shows=shows,
            sort=sort,
            sorts=sorts,
            sees_scores=sees_scores,
            may_import=self.can(Permission.CUSTOMER_WRITE),
        )
