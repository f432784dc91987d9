from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    name = "referrals"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts.members import navigation  # noqa: PLC0415 -- models are ready only now
        from referrals.asks import receivers  # noqa: F401, PLC0415 -- models are ready only now
        from referrals.thanks import receivers as thanks_receivers  # noqa: F401, PLC0415 -- the same

        navigation.add(10, "Today", "today")
