"""What leaves the house by mail: each mail is a row first."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.tenancy.constraints import walls
from accounts.tenancy.models import PublicIdModel, TenantModel, same_workspace


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
    # Where it went; "sent" by mailbox or kept means that it never left the house. Of a provider: its name and account,
    # "resend:1f3a9c02".
    transport = models.CharField(max_length=32, blank=True, default="")

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
    # What the mail provider calls it; its webhooks speak of it by this.
    provider_id = models.CharField(max_length=200, blank=True, default="", db_default="")
    # Its outcome is unknown, but until then the provider knows a repeat by our key, so it is tried again. The key is
    # that of the attempt whose number is `key_attempt`.
    keyed_until = models.DateTimeField(null=True, blank=True)
    key_attempt = models.PositiveSmallIntegerField(null=True, blank=True)

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
            # Of all workspaces: a webhook of the installation's provider does not say whose mail it speaks of.
            models.Index(fields=["provider_id"], condition=~Q(provider_id=""), name="message_provider_id"),
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
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="queued"), name="account_message_due"),
            models.Index(
                fields=["state", "due_at"],
                condition=Q(state__in=["sending", "unconfirmed", "failed"]),
                name="account_message_unsettled",
            ),
        ]

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


class DeliveryReport(TenantModel):
    """What a provider told us about one mail after it took it; each of its reports counts once."""

    prefix = "dlr"

    class Kind(models.TextChoices):
        BOUNCED = "bounced", "Came back for good"
        RETURNED = "returned", "Came back this time"
        COMPLAINED = "complained", "Called it spam"
        UNSUBSCRIBED = "unsubscribed", "Unsubscribed"

    message = same_workspace("accounts.Message")
    kind = models.CharField(max_length=16, choices=Kind)
    # The provider's own id of the report, hashed; where it has none, what the report says.
    key = models.CharField(max_length=64)
    words = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        default_related_name = "delivery_reports"
        constraints = [
            *walls("message"),
            models.UniqueConstraint(fields=["workspace", "key"], name="delivery_report_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.words}"


class MailConnection(TenantModel):
    """Where a workspace's mail leaves from, if not by the installation's server. One per workspace."""

    prefix = "mcn"

    class Kind(models.TextChoices):
        OURS = "ours", "Ours"
        SMTP = "smtp", "Your mail server"
        PROVIDER = "provider", "A mail provider"

    class State(models.TextChoices):
        UNTESTED = "untested", "Not tested yet"
        WORKING = "working", "Working"
        BROKEN = "broken", "Broken"

    kind = models.CharField(max_length=16, choices=Kind, default=Kind.OURS)
    # The address with its secrets, sealed; never shown again.
    sealed_url = models.BinaryField(default=bytes)
    # What may be shown of it: "smtp.acme.example:587 as ana", "Postmark".
    shown = models.CharField(max_length=300, blank=True, default="")
    from_domains = ArrayField(models.CharField(max_length=253), default=list, blank=True)
    state = models.CharField(max_length=16, choices=State, default=State.UNTESTED)
    # The words of the server that takes no mail now.
    words = models.CharField(max_length=500, blank=True, default="")
    tested_at = models.DateTimeField(null=True, blank=True)
    test_message = same_workspace("accounts.Message", null=True, blank=True)
    # Retires the address for the provider's reports when it changes.
    hook_nonce = models.PositiveIntegerField(default=1)

    class Meta:
        default_related_name = "mail_connections"
        constraints = [
            *walls("test_message"),
            models.UniqueConstraint(fields=["workspace"], name="mail_connection_one"),
            models.CheckConstraint(
                condition=Q(kind="ours") | ~Q(sealed_url=b""), name="mail_connection_has_an_address"
            ),
        ]

    def __str__(self) -> str:
        return self.shown or self.get_kind_display()


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


class CopiedMail(TenantModel):
    """A copy of a mail that somebody of the team wrote in their own mailbox, with the capture address in Bcc.

    The mail itself is read and not kept: only that it came, and what followed.
    """

    prefix = "cpy"

    class Outcome(models.TextChoices):
        SETTLED = "settled", "Noted"
        IGNORED = "ignored", "Ignored"

    # SHA-256 of its Message-ID: providers deliver more than once.
    key = models.CharField(max_length=64)
    from_domain = models.CharField(max_length=255, blank=True, default="")
    outcome = models.CharField(max_length=8, choices=Outcome)
    reason = models.CharField(max_length=240, blank=True, default="")
    received_at = models.DateTimeField()

    class Meta:
        default_related_name = "copied_mails"
        constraints = [
            *walls(),
            models.UniqueConstraint(fields=["workspace", "key"], name="copied_mail_once"),
        ]
        indexes = [models.Index(fields=["workspace", "received_at"], name="copied_mail_latest")]

    def __str__(self) -> str:
        return self.get_outcome_display()
