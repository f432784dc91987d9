"""A workspace's Slack: how it is reached, who is who there, what goes out and what came in."""

from django.db import models
from django.db.models import Q

from accounts.tenancy.constraints import walls
from accounts.tenancy.models import TenantModel, same_workspace


class SlackConnection(TenantModel):
    """The bot of one workspace. Its token and signing secret are sealed and never shown again."""

    prefix = "slc"

    class State(models.TextChoices):
        WORKING = "working", "Working"
        BROKEN = "broken", "Broken"

    sealed_token = models.BinaryField()
    sealed_signing_secret = models.BinaryField()
    team_id = models.CharField(max_length=32)
    team_name = models.CharField(max_length=120, blank=True, default="")
    bot_name = models.CharField(max_length=120, blank=True, default="")
    state = models.CharField(max_length=16, choices=State, default=State.WORKING)
    # Why Slack takes nothing now, in words.
    words = models.CharField(max_length=300, blank=True, default="")
    # Slack asked us to be slower: until then nothing goes out.
    paused_until = models.DateTimeField(null=True, blank=True)
    # Retires the address that Slack calls when the bot changes.
    hook_nonce = models.PositiveIntegerField(default=1)

    class Meta:
        default_related_name = "slack_connections"
        constraints = [*walls(), models.UniqueConstraint(fields=["workspace"], name="slack_connection_one")]

    def __str__(self) -> str:
        return self.team_name or self.team_id


class SlackPerson(TenantModel):
    """Who a member is in Slack, found by their address. Empty `slack_id`: Slack knows nobody by it."""

    prefix = "slp"

    member = same_workspace("accounts.Member")
    email = models.EmailField()
    slack_id = models.CharField(max_length=32, blank=True, default="")
    looked_up_at = models.DateTimeField()

    class Meta:
        default_related_name = "slack_people"
        constraints = [
            *walls("member"),
            models.UniqueConstraint(fields=["workspace", "member"], name="slack_person_one"),
            models.UniqueConstraint(
                fields=["workspace", "slack_id"], condition=~Q(slack_id=""), name="slack_person_once_there"
            ),
        ]

    def __str__(self) -> str:
        return self.slack_id or f"nobody by {self.email}"


class SlackPost(TenantModel):
    """One call to Slack: a message, a change of one, a word to one person, or a window."""

    prefix = "slm"

    class Method(models.TextChoices):
        POST = "chat.postMessage", "Message"
        UPDATE = "chat.update", "Change of a message"
        WHISPER = "chat.postEphemeral", "Word to one person"
        OPEN = "views.open", "Window"

    class State(models.TextChoices):
        QUEUED = "queued", "Queued"
        SENDING = "sending", "Sending"
        SENT = "sent", "Sent"
        UNCONFIRMED = "unconfirmed", "Unconfirmed"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    # What must not be said twice: "notice:<uuid>", "call:<uuid>".
    key = models.CharField(max_length=120)
    method = models.CharField(max_length=24, choices=Method, default=Method.POST)
    member = same_workspace("accounts.Member")
    # The record it is about: "ask:<uuid>".
    subject = models.CharField(max_length=80, blank=True, default="")
    # What Slack is given beside the channel: text and blocks, or the window.
    content = models.JSONField(default=dict)
    # The message that this one changes.
    of = same_workspace("accounts.SlackPost", null=True, blank=True, related_name="changes")
    channel = models.CharField(max_length=32, blank=True, default="")
    ts = models.CharField(max_length=32, blank=True, default="")
    state = models.CharField(max_length=16, choices=State, default=State.QUEUED)
    due_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True, default="")
    # Its record has come to an end, and the message says so: it is not looked at any more.
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_related_name = "slack_posts"
        constraints = [
            *walls("member", "of"),
            models.UniqueConstraint(fields=["workspace", "key"], name="slack_post_once_per_key"),
        ]
        indexes = [
            models.Index(fields=["workspace", "due_at"], condition=Q(state="queued"), name="slack_post_due"),
            models.Index(fields=["workspace", "lease_until"], condition=Q(state="sending"), name="slack_post_lease"),
            # Messages whose record may have moved on meanwhile.
            models.Index(
                fields=["workspace", "subject"],
                condition=Q(closed_at__isnull=True, method="chat.postMessage") & ~Q(subject=""),
                name="slack_post_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.subject}"


class SlackCall(TenantModel):
    """A press of a button that Slack told us of, by its signature: a repeated one does nothing."""

    prefix = "slk"

    key = models.CharField(max_length=64)

    class Meta:
        default_related_name = "slack_calls"
        constraints = [*walls(), models.UniqueConstraint(fields=["workspace", "key"], name="slack_call_once")]

    def __str__(self) -> str:
        return self.key
