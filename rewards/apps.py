from django.apps import AppConfig


class RewardsConfig(AppConfig):
    name = "rewards"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts.members import navigation  # noqa: PLC0415 -- models are ready only now
        from accounts.members.permissions import Permission  # noqa: PLC0415 -- the same

        navigation.add(60, "Rewards", "reward-list")
        navigation.add_setting(40, "Reward rules", "reward-rules", Permission.PROGRAM_WRITE)
