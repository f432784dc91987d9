"""What leaves the house by mail: each mail is a row first."""

from django.db import models
from django.db.models import Q

from accounts.tenancy.constraints import walls
from accounts.tenancy.models import PublicIdModel, TenantModel


class Outgoing(models.Model):
    """The content and the life of one mail, whoever it is for."""

    class State(models.TextChoices):
        QUEUED = "queued", "Queued"
        SENDING = "sending", "Sending"
        SENT = "sent", "Sent"
        UNCONFIRMED = "unconfirmed", "Unconfirmed"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    class Transport(models.TextChoices):
        SMTP = "smtp", "Mail server"
        MAILBOX = "mailbox", "Built-in mailbox"
        KEPT = "kept", "Kept here"

    state = models.CharField(max_length=16, choices=State, default=State.QUEUED)
    to_email = models.EmailField()
    to_name = models.CharField(max_length=200, blank=True, default="")
    from_email = models.EmailField()
    from_name = models.CharField(max_length=200, blank=True, default="")
    reply_to = models.EmailField(blank=True, default="")
    subject = models.CharField(max_length=300)
    body_text = models.TextField()
    body_html = models.TextField(blank=True, default="")
    # RFC 5322 Message-ID, made before the hand-over so that an answer or a bounce can be matched.
    rfc_message_id = models.CharField(max_length=200, blank=True, default="")
    in_reply_to = models.CharField(max_length=200, blank=True, default="")
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=500, blank=True, default="")
    # Where it went; "sent" by mailbox or kept means that it never left the house.
    transport = models.CharField(max_length=8, choices=Transport, blank=True, default="")

    class Meta:
        abstract = True


class Message(Outgoing, TenantModel):
    """A workspace's mail to one contact or member."""

    prefix = "msg"

    class Kind(models.TextChoices):
        ASK = "ask", "Ask"
        SURVEY = "survey", "Survey"
        THANKS = "thanks", "Thank-you"
        REWARD = "reward", "Reward"
        NOTICE = "notice", "Notice"
        CAMPAIGN = "campaign", "Campaign"

    kind = models.CharField(max_length=16, choices=Kind)
    # What must not be sent twice, for example "ask:<uuid>" or "ask:<uuid>:reminder".
    key = models.CharField(max_length=120)
    email_hash = models.BinaryField(max_length=32)
    # Where "please do not ask me again" leads; empty for mail to the team.
    unsubscribe_url = models.CharField(max_length=300, blank=True, default="")
    # After this instant the mail is not handed over any more; its cause goes back to a person.
    expires_at = models.DateTimeField(null=True, blank=True)
    # Until then the word of whoever queued it holds that it may leave; after that they look again before it goes.
    approved_until = models.DateTimeField(null=True, blank=True)
    # When it was claimed. Committed before the first byte goes to the mail server: from then on it may have left.
    handed_at = models.DateTimeField(null=True, blank=True)
    # The file of the worker's batch that says which of its mails left (accounts/mail/journal.py).
    journal = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        default_related_name = "messages"
        constraints = [
            *walls(),
            models.UniqueConstraint(fields=["workspace", "key"], name="message_once_per_key"),
        ]
        indexes = [
            models.Index(fields=["workspace", "due_at"], condition=Q(state="queued"), name="message_due"),
            # Asks leave before everything else, however much else is due.
            models.Index(
                fields=["workspace", "due_at"], condition=Q(state="queued", kind="ask"), name="message_ask_due"
            ),
            models.Index(fields=["workspace", "lease_until"], condition=Q(state="sending"), name="message_lease"),
            # What a person has to decide about; few rows, looked for on every Today.
            models.Index(
                fields=["workspace", "id"], condition=Q(state__in=["unconfirmed", "failed"]), name="message_trouble"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.to_email}"


class AccountMessage(Outgoing, PublicIdModel):
    """Mail to a user about signing in. It belongs to no workspace; a repeat is harmless."""

    prefix = "amg"

    class Meta:
        default_related_name = "account_messages"
        indexes = [models.Index(fields=["due_at"], condition=Q(state="queued"), name="account_message_due")]

    def __str__(self) -> str:
        return f"account mail to {self.to_email}"


class Suppression(TenantModel):
    """An address that must not get this kind of mail. Survives erasure: only a keyed hash is stored."""

    prefix = "sup"

    class Purpose(models.TextChoices):
        ASKS = "asks", "Asks"
        SURVEYS = "surveys", "Surveys"
        CAMPAIGNS = "campaigns", "Campaigns"
        ALL = "all", "Everything"

    email_hash = models.BinaryField(max_length=32)
    purpose = models.CharField(max_length=16, choices=Purpose)
    reason = models.CharField(max_length=40)

    class Meta:
        default_related_name = "suppressions"
        constraints = [
            *walls(),
            models.UniqueConstraint(fields=["workspace", "email_hash", "purpose"], name="suppression_once"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} ({self.reason})"


class Pace(TenantModel):
    """How far ahead of its allowed pace the mail of a workspace is, in all or to one domain (accounts/mail/pace.py)."""

    prefix = "pac"

    # Empty for the whole workspace.
    domain = models.CharField(max_length=255, blank=True)
    next_at = models.DateTimeField()

    class Meta:
        default_related_name = "paces"
        constraints = [
            *walls(),
            models.UniqueConstraint(fields=["workspace", "domain"], name="pace_once_per_domain"),
        ]

    def __str__(self) -> str:
        return self.domain or "all mail"
