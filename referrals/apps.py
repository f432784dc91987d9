from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    name = "referrals"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models are ready only now.
        from accounts.lists import spec  # noqa: PLC0415
        from accounts.members import figures, navigation  # noqa: PLC0415
        from accounts.members.permissions import Permission  # noqa: PLC0415
        from accounts.search import registry  # noqa: PLC0415
        from accounts.settings import usage  # noqa: PLC0415
        from referrals.asks import personal, used  # noqa: PLC0415
        from referrals.asks import receivers as asks  # noqa: F401, PLC0415
        from referrals.asks import repeating as asked  # noqa: PLC0415
        from referrals.chat import registering as chat  # noqa: PLC0415
        from referrals.landing import recipients  # noqa: PLC0415
        from referrals.links import forgetting as visitors  # noqa: PLC0415
        from referrals.outages import receivers as outages  # noqa: F401, PLC0415
        from referrals.pipeline import forgetting as pipeline  # noqa: PLC0415
        from referrals.pipeline import importer, lists, searching  # noqa: PLC0415
        from referrals.thanks import receivers as thanks  # noqa: F401, PLC0415
        from referrals.thanks import repeating as thanked  # noqa: PLC0415

        chat.register()
        recipients.register()
        visitors.register()
        pipeline.register()
        importer.register()
        figures.add(personal.figures_of)
        usage.add(used.of_month)
        spec.register(lists.REFERRALS)
        navigation.add(10, "Today", "today", key="t")
        navigation.add(20, "Feedback", "feedback", key="f")
        navigation.add(40, "Referrals", "referral-list", key="r")
        navigation.add(70, "Insights", "week", key="i")
        asked.register()
        thanked.register()
        navigation.add_setting(
            10,
            "Programs",
            "program-list",
            Permission.PROGRAM_WRITE,
            group="Programs",
            about="Who is asked, how, in which words",
        )
        registry.add_kind(registry.Kind(30, "Referrals", searching.find_referrals))
        registry.add_deed("Ask people who praised us before", "warm-start", Permission.ASK_SEND)
        registry.add_deed("Change the words of the ask", "program-list", Permission.PROGRAM_WRITE)
