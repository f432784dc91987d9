"""Referral programs."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.tenancy.constraints import walls
from accounts.tenancy.models import TenantModel

DEFAULT_SUBJECT = "Who else fights with {{ program.ideal_problem | default: 'this' }}?"
DEFAULT_BODY = """\
Hi {{ contact.first_name }},

{% if response.score %}you gave us a {{ response.score }} {{ response.said_when }}. Thank you, that made our day.\
{% else %}thank you for the trust you put in us. I do not take it for granted.{% endif %}\
{% if outcome.old_challenge %} I remember how {{ outcome.old_challenge }} felt when we started.{% endif %}

Is there one person at another company who is where you were then? A {{ program.peer_title }}, perhaps. \
If you put the two of us in one mail, I will look after them the way I looked after you.

If you would rather just pass something on, this page is yours: {{ advocate_url }}

And if nobody comes to mind, that is a fine answer too.

{{ sender.first_name }}"""
DEFAULT_REMINDER = """\
Hi {{ contact.first_name }},

I wrote last week and do not want to be a nuisance, so this is the only time I come back to it. \
If a {{ program.peer_title }} comes to mind who should talk to us, one line is enough: {{ advocate_url }}

{{ sender.first_name }}"""


class Program(TenantModel):
    """A referral program: for whom, who is asked how, in which words, for how long it counts."""

    prefix = "prg"

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        LIVE = "live", "Live"
        PAUSED = "paused", "Paused"
        ENDED = "ended", "Ended"

    class Policy(models.TextChoices):
        ASSISTED = "assisted", "Assisted: goes out by itself unless somebody acts"
        AUTOMATIC = "automatic", "Automatic: at the first polite minute"
        MANUAL = "manual", "Manual: only by hand"
        CALL_FIRST = "call_first", "Call first, mail as the fallback"

    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=63)
    state = models.CharField(max_length=16, choices=State, default=State.DRAFT)
    policy = models.CharField(max_length=16, choices=Policy, default=Policy.ASSISTED)
    # The lowest number is matched first.
    priority = models.PositiveSmallIntegerField(default=10)
    peer_title = models.CharField(max_length=120, default="colleague in your role")
    ideal_titles = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    ideal_problem = models.CharField(max_length=200, blank=True, default="")
    ask_subject = models.CharField(max_length=300, default=DEFAULT_SUBJECT)
    ask_body = models.TextField(default=DEFAULT_BODY)
    reminder_body = models.TextField(default=DEFAULT_REMINDER)
    share_text = models.TextField(
        default="I work with {{ workspace.name }} and would do it again. If you want to see what changed for us: "
        "{{ link_url }}"
    )
    call_title = models.CharField(max_length=160, default="A 30-minute call, no slides")
    call_text = models.TextField(
        default="We look at how you do it today and tell you honestly whether we can help. You talk to a person who "
        "does the work, not to a sales script."
    )
    attribution_days = models.PositiveSmallIntegerField(default=90)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        default_related_name = "programs"
        constraints = [
            *walls(),
            models.UniqueConstraint(fields=["workspace", "slug"], name="program_slug_once"),
            models.CheckConstraint(condition=Q(attribution_days__gt=0), name="program_attribution_days_positive"),
        ]

    def __str__(self) -> str:
        return self.name
