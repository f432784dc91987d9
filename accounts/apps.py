from django.apps import AppConfig
from django.conf import settings
from django.core.checks import Tags, register
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts.api import schema  # noqa: F401, PLC0415 -- registers the key scheme with the OpenAPI document
        from accounts.tenancy import checks, grants  # noqa: PLC0415 -- models are ready only now

        post_migrate.connect(grants.grant_to_runtime_role, dispatch_uid="grants")
        if not settings.AS_OWNER:
            register(checks.runtime_role_is_bound_by_row_security, Tags.database)
