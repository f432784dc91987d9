"""What the pipeline tells the floors above. Sent inside the transaction of the fact, with `send_robust`."""

from django.dispatch import Signal

# workspace, referral, by, now
referral_created = Signal()
# workspace, referral, before (the stage it left), by, now
referral_moved = Signal()
