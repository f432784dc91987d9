"""One request to one contact because of one moment."""

from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from accounts.tenancy.constraints import walls
from accounts.tenancy.models import TenantModel, same_workspace

LONGEST_CLOCK = timedelta(hours=24)


class Ask(TenantModel):
    """It has a deadline and a sender, and ends in an answer, a silence or a stated reason."""

    prefix = "ask"

    class State(models.TextChoices):
        QUEUED = "queued", "Queued"
        SENDING = "sending", "Sending"
        SENT = "sent", "Sent"
        UNCONFIRMED = "unconfirmed", "Unconfirmed"
        ANSWERED = "answered", "Answered"
        SKIPPED = "skipped", "Skipped"
        FAILED = "failed", "Failed"
        EXPIRED = "expired", "Missed"

    class Answer(models.TextChoices):
        INTRODUCED = "introduced", "Introduced somebody"
        SHARED = "shared", "Shared the link"
        DECLINED = "declined", "Rather not"
        SNOOZED = "snoozed", "Not now"
        ALREADY_REFERRED = "already_referred", "Has already referred"
        NOT_ALLOWED = "not_allowed", "Is not allowed to"
        WRONG_PERSON = "wrong_person", "Wrong person"

    class Channel(models.TextChoices):
        MAIL = "mail", "Mail"
        CALL = "call", "Call"
        SAME_BREATH = "same_breath", "On the survey page"
        ELSEWHERE = "elsewhere", "Elsewhere"

    class Policy(models.TextChoices):
        ASSISTED = "assisted", "Assisted"
        AUTOMATIC = "automatic", "Automatic"
        MANUAL = "manual", "Manual"
        CALL_FIRST = "call_first", "Call first"

    # Each index costs every ask of a campaign: only those that a query needs (see Meta).
    contact = same_workspace("accounts.Contact", db_index=False)
    moment = models.OneToOneField(
        "feedback.Moment", on_delete=models.PROTECT, null=True, blank=True, db_constraint=False, related_name="ask"
    )
    program = same_workspace("referrals.Program", db_index=False)
    also_matched = ArrayField(models.UUIDField(), default=list, blank=True)
    link = same_workspace("referrals.Link")
    state = models.CharField(max_length=16, choices=State, default=State.QUEUED)
    answer = models.CharField(max_length=24, choices=Answer, blank=True, default="")
    channel = models.CharField(max_length=16, choices=Channel, default=Channel.MAIL)
    # The policy this ask was queued under: an executive's is manual whatever the program says.
    policy = models.CharField(max_length=16, choices=Policy)
    sender = same_workspace("accounts.Member", null=True, blank=True, db_index=False)
    sender_name = models.CharField(max_length=120, blank=True, default="")
    sender_email = models.EmailField(blank=True, default="")
    subject = models.CharField(max_length=300, blank=True, default="")
    body = models.TextField(blank=True, default="")
    # Which fact each sentence rests on: [{"token", "value", "source"}].
    facts = models.JSONField(default=list, blank=True)
    # Why the draft cannot go out as it is: [{"code", "detail"}].
    problems = models.JSONField(default=list, blank=True)
    # What the gate saw when the ask was queued.
    verdict = models.JSONField(default=dict, blank=True)
    edited_by_person = models.BooleanField(default=False)
    # A person pressed "send"; an untouched ask counts as automatic in every figure.
    sent_by_person = models.BooleanField(default=False)
    late_by_choice = models.BooleanField(default=False)
    responded_at = models.DateTimeField()
    queued_at = models.DateTimeField()
    send_at = models.DateTimeField(null=True, blank=True)
    # When the ask leaves if nobody touches it: what "undo" brings back.
    planned_send_at = models.DateTimeField(null=True, blank=True)
    # The minute it was to leave in before an outage took it, and it was planned anew.
    lost_minute_at = models.DateTimeField(null=True, blank=True)
    deadline_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    ended_reason = models.CharField(max_length=240, blank=True, default="")
    message = same_workspace("accounts.Message", null=True, blank=True, related_name="asks", db_index=False)
    reminder_due_at = models.DateTimeField(null=True, blank=True)
    reminder = same_workspace("accounts.Message", null=True, blank=True, related_name="reminded_asks", db_index=False)
    # What the owner was told: 0 nothing, 1 at once, 2 at half time, 3 at 80 %.
    notices_given = models.PositiveSmallIntegerField(default=0)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        default_related_name = "asks"
        constraints = [
            *walls("contact", "moment", "program", "link", "sender", "message", "reminder"),
            # One open ask per person; the rest after it is kept by customers.Rest under a lock on the contact.
            models.UniqueConstraint(
                fields=["workspace", "contact"],
                condition=Q(state__in=["queued", "sending", "unconfirmed"]),
                name="ask_one_open_per_contact",
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True) | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="ask_answer_has_time",
            ),
            models.CheckConstraint(condition=~Q(state="sent") | Q(sent_at__isnull=False), name="ask_sent_has_time"),
        ]
        indexes = [
            models.Index(fields=["workspace", "deadline_at"], condition=Q(state="queued"), name="ask_desk"),
            models.Index(fields=["workspace", "send_at"], condition=Q(state="queued"), name="ask_due"),
            models.Index(fields=["workspace", "reminder_due_at"], condition=Q(state="sent"), name="ask_reminder_due"),
            models.Index(fields=["workspace", "queued_at", "id"], name="ask_list"),
            models.Index(fields=["workspace", "contact", "queued_at"], name="ask_of_contact"),
            # What became of the mail? Asked for every batch.
            models.Index(fields=["workspace", "message"], name="ask_of_message"),
            models.Index(fields=["workspace", "reminder"], condition=Q(reminder__isnull=False), name="ask_of_reminder"),
            # Have people sent ten yet? Asked at every intake.
            models.Index(fields=["workspace"], condition=Q(sent_by_person=True), name="ask_sent_by_person"),
        ]

    def __str__(self) -> str:
        return self.subject or f"ask {self.pk}"

    @property
    def has_clock(self) -> bool:
        """Whether 24 hours were promised; a draft that somebody asked for has no promise to keep."""
        return self.deadline_at - self.queued_at <= LONGEST_CLOCK


def without_clock(asks: "models.QuerySet[Ask]") -> "models.QuerySet[Ask]":
    """Those among the asks that were put on the desk by hand."""
    return asks.filter(deadline_at__gt=F("queued_at") + LONGEST_CLOCK)


def with_clock(asks: "models.QuerySet[Ask]") -> "models.QuerySet[Ask]":
    """Those among the asks that a moment started."""
    return asks.filter(deadline_at__lte=F("queued_at") + LONGEST_CLOCK)
