"""What other rooms may want to know. Sent inside the recording transaction; receivers open savepoints of their own."""

from django.dispatch import Signal

# workspace, member, by, now
member_deactivated = Signal()
# workspace, member, by, now: today the member is absent
member_away = Signal()
