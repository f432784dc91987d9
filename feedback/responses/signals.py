"""What other apps may want to know. Sent inside the recording transaction; receivers wrap themselves in a savepoint."""

from django.dispatch import Signal

# workspace, contact, response, by, now
low_answer_recorded = Signal()

# workspace, contact, response, by, now: they told us that they referred somebody in the last six months
recent_referral_reported = Signal()
