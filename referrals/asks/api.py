"""`/asks`: list, read, edit, send, skip, and log an ask made elsewhere."""

from typing import Any

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.response import Response

from accounts.api.views import ListView, WorkspaceAPIView
from accounts.customers import actions as customers
from referrals.asks import actions
from referrals.asks.errors import AskNotOpen
from referrals.asks.models import Ask
from referrals.asks.serializers import AskChanges, AskOutput, ElsewhereInput, SendInput, SkipInput

_FILTERS = [
    OpenApiParameter("state", enum=Ask.State.values),
    OpenApiParameter("due_before", OpenApiTypes.DATETIME, description="Those whose deadline lies before this time."),
    OpenApiParameter("owner", description="The id of the member in whose name the ask goes out."),
]


class AskListView(ListView):
    """Asks: list them, or log one that was made elsewhere (it counts for the rest)."""

    write_scope = "referrals:write"
    output = AskOutput
    filters = ("state", "due_before", "owner")

    @extend_schema(parameters=_FILTERS)
    def get(self, request: Any) -> Response:
        return super().get(request)

    def rows(self) -> Any:
        rows = self.workspace.asks.select_related("link")
        state, due_before = self.choice_filter("state", Ask.State), self.time_filter("due_before")
        owner = self.id_filter("owner", "mbr")
        if state:
            rows = rows.filter(state=state)
        if due_before:
            rows = rows.filter(deadline_at__lt=due_before)
        return rows.filter(sender=owner) if owner else rows

    @extend_schema(request=ElsewhereInput, responses={201: AskOutput})
    def post(self, request: Any) -> Response:
        data, now = self.judged(ElsewhereInput), timezone.now()
        who: dict[str, Any] = {"workspace": self.workspace, "by": self.actor, "now": now}
        contact = customers.resolve_contact(reference=data["contact"], **who)
        made_at = data.get("made_at", now)
        ask = actions.log_elsewhere(contact=contact, made_at=made_at, channel=data["channel"], **who)
        return Response(AskOutput(ask).data, status=201)


class AskView(WorkspaceAPIView):
    write_scope = "referrals:write"

    @extend_schema(responses=AskOutput)
    def get(self, request: Any, ask_id: str) -> Response:
        return Response(AskOutput(self.one(_asks(self), ask_id)).data)

    @extend_schema(request=AskChanges, responses=AskOutput)
    def patch(self, request: Any, ask_id: str) -> Response:
        """Change words or time while the ask is queued."""
        ask, changes = self.one(_asks(self), ask_id), self.judged(AskChanges)
        if ask.state != Ask.State.QUEUED:
            raise AskNotOpen.of(ask)
        ask = actions.edit(ask=ask, by=self.actor, now=timezone.now(), **changes)
        return Response(AskOutput(ask).data)


class AskSendView(WorkspaceAPIView):
    write_scope = "referrals:write"

    @extend_schema(request=SendInput, responses=AskOutput)
    def post(self, request: Any, ask_id: str) -> Response:
        """Hand over in 60 seconds: a person decided, polite hours do not hold it, the gate does."""
        ask = self.one(_asks(self), ask_id)
        self.judged(SendInput)
        return Response(AskOutput(actions.send(ask=ask, by=self.actor, now=timezone.now())).data)


class AskSkipView(WorkspaceAPIView):
    write_scope = "referrals:write"

    @extend_schema(request=SkipInput, responses=AskOutput)
    def post(self, request: Any, ask_id: str) -> Response:
        """Leave this person alone this time."""
        ask, reason = self.one(_asks(self), ask_id), self.judged(SkipInput)["reason"]
        return Response(AskOutput(actions.skip(ask=ask, reason=reason, by=self.actor, now=timezone.now())).data)


def _asks(view: WorkspaceAPIView) -> Any:
    return view.workspace.asks.select_related("workspace", "link")
