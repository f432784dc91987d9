from django.apps import AppConfig
from django.conf import settings
from django.core.checks import Tags, register
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts.api import schema  # noqa: F401, PLC0415 -- registers the key scheme with the OpenAPI document
        from accounts.audit import lists as audit  # noqa: PLC0415
        from accounts.customers import lists, recipients  # noqa: PLC0415
        from accounts.imports import kinds  # noqa: PLC0415 -- models are ready only now
        from accounts.lifecycle import doors as lifecycle_doors  # noqa: PLC0415
        from accounts.lists import spec  # noqa: PLC0415
        from accounts.mail import checks as mail_checks  # noqa: PLC0415
        from accounts.members import doors, navigation  # noqa: PLC0415 -- models are ready only now
        from accounts.members.permissions import Permission  # noqa: PLC0415 -- the same
        from accounts.notices import lists as notice_lists  # noqa: PLC0415
        from accounts.notices import receivers as notice_receivers  # noqa: F401, PLC0415 -- heard from now on
        from accounts.retention import registry as retained  # noqa: PLC0415
        from accounts.retention.actions import forget_events  # noqa: PLC0415
        from accounts.search import customers as found_customers  # noqa: PLC0415
        from accounts.search import registry  # noqa: PLC0415
        from accounts.settings import pages as settings_pages  # noqa: PLC0415
        from accounts.settings import usage  # noqa: PLC0415
        from accounts.signin import doors as signin_doors  # noqa: PLC0415 -- the same
        from accounts.signin import receivers  # noqa: F401, PLC0415 -- heard from now on
        from accounts.tenancy import checks, grants, secrets  # noqa: PLC0415 -- models are ready only now

        recipients.register()
        spec.register(lists.CONTACTS)
        spec.register(lists.COMPANIES)
        spec.register(notice_lists.NOTICES)
        register(mail_checks.production_has_a_mail_server, deploy=True)
        register(mail_checks.suppression_key_is_long, deploy=True)
        register(secrets.encryption_keys_are_keys)
        kinds.register()
        doors.add(signin_doors.single_sign_on)
        doors.add(signin_doors.second_factor)
        navigation.add(30, "Customers", "contact-list", key="c")
        navigation.add(90, "Settings", "settings", Permission.PROGRAM_WRITE, apart=True, key="s")
        settings_pages.add()
        usage.add(usage.of_accounts)
        retained.add(retained.Rule("events_kept_months", "log entries", forget_events))
        spec.register(audit.EVENTS)
        doors.add(lifecycle_doors.resting)

        found_customers.register()
        registry.add_deed("Invite a colleague", "settings-team", Permission.TEAM_MANAGE)
        registry.add_deed("Merge duplicates", "duplicates", Permission.CUSTOMER_WRITE)
        registry.add_deed("Choose what I am told, and how", "notice-choices")
        registry.add_deed("Read my notices", "notices")
        registry.add_deed("Connect Slack", "settings-slack", Permission.SETTINGS_MANAGE)
        registry.add_deed("Make an API key", "settings-keys", Permission.SETTINGS_MANAGE)
        registry.add_deed("Fetch a file I exported", "exports")
        registry.add_deed("Change logo and colour", "settings-brand", Permission.SETTINGS_MANAGE)
        registry.add_deed("Change when mail may leave", "settings-hours", Permission.SETTINGS_MANAGE)
        registry.add_deed("See who changed what", "audit", Permission.SETTINGS_MANAGE)
        registry.add_deed("Export the whole workspace", "settings-archive", Permission.WORKSPACE_OWN)

        post_migrate.connect(grants.grant_to_runtime_role, dispatch_uid="grants")
        if not settings.AS_OWNER:
            register(checks.runtime_role_is_bound_by_row_security, Tags.database)  # type: ignore[call-overload]  # stubs lack **kwargs
