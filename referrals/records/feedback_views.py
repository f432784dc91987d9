"""The feedback page, seen from the top: what was said, and whether people were asked in time."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.utils import timezone

from feedback.responses.queries import Period
from feedback.responses.views import FeedbackPage
from feedback.surveys.metrics import ENOUGH_ANSWERS
from referrals.asks.queries import promise

# Nobody was asked before there was a product.
_BEGINNING = datetime(2000, 1, 1, tzinfo=timezone.get_default_timezone())


class FeedbackWithPromise(FeedbackPage):
    template: ClassVar[str] = "referrals/records/feedback.html"

    def more_figures(self, period: Period) -> dict[str, Any]:
        """How the 24 hours were kept for the asks of the period; nothing where none fell due."""
        begin, end = period.bounds(self.workspace.timezone)
        now = timezone.now()
        kept = promise(workspace=self.workspace, since=begin or _BEGINNING, until=end or now + timedelta(1), now=now)
        if not kept.due:
            return {}
        enough = kept.due >= ENOUGH_ANSWERS and kept.share_in_time is not None
        return {"promise": kept, "share_in_time": f"{100 * (kept.share_in_time or 0):.0f} %" if enough else ""}
