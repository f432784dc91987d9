"""What a member is told, once, and how they want to be told."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.tenancy.constraints import walls
from accounts.tenancy.models import TenantModel, same_workspace


class Kind(models.TextChoices):
    ASK_NEW = "ask_new", "Somebody can be asked"
    ASK_HALF_TIME = "ask_half_time", "Half the time is over"
    ASK_NEARLY_OVER = "ask_nearly_over", "80 % of the time is over"
    ASK_MISSED = "ask_missed", "An ask was missed"
    LOW_ANSWER = "low_answer", "Somebody is unhappy"
    REFERRAL_NEW = "referral_new", "A new referral"
    REFERRAL_WON = "referral_won", "A referral is won"
    THANKS_LATE = "thanks_late", "A thank-you is owed too long"
    APPROVAL = "approval", "A reward waits for approval"
    MENTION = "mention", "A colleague names you in a note"
    FILE_DONE = "file_done", "An import or export has ended"
    CONNECTION = "connection", "Mail or Slack does not work"
    WEEK = "week", "Friday's page"


class Channel(models.TextChoices):
    IN_APP = "in_app", "Here"
    MAIL = "mail", "Mail at once"
    DIGEST = "digest", "Daily mail"
    SLACK = "slack", "Slack"


class Notice(TenantModel):
    """One thing one member is told of. It is written in the transaction of the fact, once per `key`."""

    prefix = "ntc"

    member = same_workspace("accounts.Member")
    kind = models.CharField(max_length=24, choices=Kind)
    key = models.CharField(max_length=120)
    # The record it is about, "ask:<uuid>": when that is done with, so is the notice.
    subject = models.CharField(max_length=80, blank=True, default="")
    title = models.CharField(max_length=300)
    text = models.TextField(blank=True, default="")
    # Where it leads, from the root of the site.
    path = models.CharField(max_length=300)
    # The ways it took, as its member wanted it then.
    channels = ArrayField(models.CharField(max_length=16, choices=Channel))
    read_at = models.DateTimeField(null=True, blank=True)
    digested_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_related_name = "notices"
        constraints = [
            *walls("member"),
            models.UniqueConstraint(fields=["workspace", "member", "key"], name="notice_once_per_key"),
            models.CheckConstraint(condition=Q(path__startswith="/"), name="notice_leads_somewhere_here"),
        ]
        indexes = [
            models.Index(fields=["workspace", "member", "created_at", "id"], name="notice_list"),
            models.Index(
                fields=["workspace", "member"],
                condition=Q(read_at__isnull=True, channels__contains=["in_app"]),
                name="notice_unread",
            ),
            models.Index(
                fields=["workspace", "member"],
                condition=Q(digested_at__isnull=True, channels__contains=["digest"]),
                name="notice_to_digest",
            ),
            models.Index(fields=["workspace", "subject"], condition=Q(read_at__isnull=True), name="notice_of_subject"),
        ]

    def __str__(self) -> str:
        return self.title


class NoticeChoices(TenantModel):
    """What one member chose; for everything else the defaults of their role hold."""

    prefix = "nch"

    member = same_workspace("accounts.Member")
    # {kind: [channels]}, only where somebody has chosen.
    chosen = models.JSONField(default=dict)
    # Mail and Slack wait for one's own hours, the clock's notices excepted.
    quiet = models.BooleanField(default=True)

    class Meta:
        default_related_name = "notice_choices"
        constraints = [
            *walls("member"),
            models.UniqueConstraint(fields=["workspace", "member"], name="notice_choices_one"),
        ]

    def __str__(self) -> str:
        return f"what {self.member_id} is told"
