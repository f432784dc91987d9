"""The palette: what fits what was typed so far."""

from typing import Any

from django.http.response import HttpResponseBase

from accounts.members.lists import typed
from accounts.members.views import WorkspaceView
from accounts.search import queries


class Jump(WorkspaceView):
    """A piece of page, for the dialog that Ctrl K opens."""

    def get(self, request: Any) -> HttpResponseBase:
        wanted = typed(request)
        groups = queries.places(member=self.member, wanted=wanted)
        count = sum(len(group.hits) for group in groups)
        return self.page("accounts/search/_found.html", groups=groups, wanted=wanted, count=count)
