"""Settings, Limits and usage."""

from typing import Any, ClassVar

from django.http.response import HttpResponseBase
from django.utils import timezone

from accounts.members.permissions import Permission
from accounts.settings import usage
from accounts.settings.views import SettingsView


class LimitsAndUsage(SettingsView):
    permission: ClassVar[Permission] = Permission.SETTINGS_MANAGE

    def get(self, request: Any) -> HttpResponseBase:
        now = timezone.now()
        return self.settings_page(
            "accounts/settings/usage.html",
            used=usage.used(self.workspace, now),
            limits=usage.limits(self.workspace),
            month=usage.month_of(now),
            month_name=f"{usage.month_of(now):%B}",
        )
