"""Names that are kept no longer."""

from accounts.retention import registry
from referrals.pipeline.actions import forget_named


def register() -> None:
    """Called from AppConfig.ready()."""
    registry.add(registry.Rule("named_kept_days", "names", forget_named))
