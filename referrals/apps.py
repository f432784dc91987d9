from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    name = "referrals"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts.members import navigation  # noqa: PLC0415 -- models are ready only now
        from accounts.members.permissions import Permission  # noqa: PLC0415 -- the same
        from referrals.asks import receivers  # noqa: F401, PLC0415 -- models are ready only now
        from referrals.thanks import receivers as thanks_receivers  # noqa: F401, PLC0415 -- the same

        navigation.add(10, "Today", "today")
        navigation.add(20, "Feedback", "feedback")
        navigation.add(40, "Referrals", "referral-list")
        navigation.add_setting(30, "Programs", "program-list", Permission.PROGRAM_WRITE)
