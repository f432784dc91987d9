from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "feedback"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models are ready only now.
        from accounts.lists import spec  # noqa: PLC0415
        from accounts.settings import usage  # noqa: PLC0415
        from feedback.invitations import repeating as invitations  # noqa: PLC0415
        from feedback.responses import forgetting, importer, lists, used  # noqa: PLC0415

        invitations.register()
        importer.register()
        forgetting.register()
        usage.add(used.of_month)
        spec.register(lists.RESPONSES)
