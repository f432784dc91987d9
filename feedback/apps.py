from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "feedback"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from feedback.invitations import repeating as invitations  # noqa: PLC0415 -- models are ready only now
        from feedback.responses import importer  # noqa: PLC0415 -- the same

        invitations.register()
        importer.register()
