from django.dispatch import Signal

outage_ended = Signal()  # kwargs: started_at, ended_at
