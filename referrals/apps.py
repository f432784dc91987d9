from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    name = "referrals"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models are ready only now.
        from accounts.members import figures, navigation  # noqa: PLC0415
        from accounts.members.permissions import Permission  # noqa: PLC0415
        from referrals.asks import personal  # noqa: PLC0415
        from referrals.asks import receivers as asks  # noqa: F401, PLC0415
        from referrals.asks import repeating as asked  # noqa: PLC0415
        from referrals.landing import recipients  # noqa: PLC0415
        from referrals.outages import receivers as outages  # noqa: F401, PLC0415
        from referrals.pipeline import importer  # noqa: PLC0415
        from referrals.thanks import receivers as thanks  # noqa: F401, PLC0415
        from referrals.thanks import repeating as thanked  # noqa: PLC0415

        recipients.register()
        importer.register()
        figures.add(personal.figures_of)
        asked.register()
        thanked.register()
        navigation.add(10, "Today", "today")
        navigation.add(20, "Feedback", "feedback")
        navigation.add(40, "Referrals", "referral-list")
        navigation.add_setting(30, "Programs", "program-list", Permission.PROGRAM_WRITE)
