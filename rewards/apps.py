from django.apps import AppConfig


class RewardsConfig(AppConfig):
    name = "rewards"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models are ready only now.
        from accounts.lists import spec  # noqa: PLC0415
        from accounts.members import navigation  # noqa: PLC0415
        from accounts.members.permissions import Permission  # noqa: PLC0415
        from accounts.search import registry  # noqa: PLC0415
        from rewards.grants import lists  # noqa: PLC0415

        spec.register(lists.REWARDS)
        navigation.add(60, "Rewards", "reward-list", key="w")
        navigation.add_setting(
            40,
            "Reward rules",
            "reward-rules",
            Permission.PROGRAM_WRITE,
            group="Programs",
            about="What is given for an introduction",
        )
        registry.add_deed("Write a reward rule", "reward-rules", Permission.PROGRAM_WRITE)
        registry.add_deed("Approve rewards", "reward-list", Permission.REWARD_APPROVE)
