"""Settings, Audit log."""

from typing import Any, ClassVar

from accounts.audit import lists
from accounts.lists.choosing import Chosen
from accounts.lists.spec import ListSpec
from accounts.lists.views import ListView
from accounts.members import navigation
from accounts.members.permissions import Permission


class AuditLog(ListView):
    permission: ClassVar[Permission] = Permission.SETTINGS_MANAGE
    spec: ClassVar[ListSpec] = lists.EVENTS
    template: ClassVar[str] = "accounts/audit/list.html"
    empty: ClassVar[str] = "accounts/audit/_none.html"

    def more(self, chosen: Chosen) -> dict[str, Any]:
        settings = navigation.settings_of(self.member, self.workspace.slug, self.request.path)
        return {"settings_pages": settings}
