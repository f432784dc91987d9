"""What members are told, how they want it, and a workspace's Slack."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import uuid_utils.compat
from django.db import migrations, models

import accounts.tenancy.constraints
import accounts.tenancy.models

# Where something is to be said in Slack, asked before a workspace is known. One look into the index per workspace.
WORKSPACES_WITH_DUE_SLACK_POSTS = """
CREATE FUNCTION workspaces_with_due_slack_posts() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT w.id
      FROM accounts_workspace w
     CROSS JOIN LATERAL (
           (SELECT p.due_at AS since FROM accounts_slackpost p
             WHERE p.workspace_id = w.id AND p.state = 'queued' AND p.due_at <= statement_timestamp()
             ORDER BY p.due_at LIMIT 1)
           UNION ALL
           (SELECT p.lease_until FROM accounts_slackpost p
             WHERE p.workspace_id = w.id AND p.state = 'sending' AND p.lease_until <= statement_timestamp()
             ORDER BY p.lease_until LIMIT 1)
           ) waiting
     WHERE w.state = 'active'
     GROUP BY w.id
     ORDER BY min(waiting.since)
$$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0019_life_of_a_workspace"),
    ]

    operations = [
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        db_default=accounts.tenancy.models.UuidV7(),
                        default=uuid_utils.compat.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("ask_new", "Somebody can be asked"),
                            ("ask_half_time", "Half the time is over"),
                            ("ask_nearly_over", "80 % of the time is over"),
                            ("ask_missed", "An ask was missed"),
                            ("low_answer", "Somebody is unhappy"),
                            ("referral_new", "A new referral"),
                            ("referral_won", "A referral is won"),
                            ("thanks_late", "A thank-you is owed too long"),
                            ("approval", "A reward waits for approval"),
                            ("mention", "A colleague names you in a note"),
                            ("file_done", "An import or export has ended"),
                            ("connection", "Mail or Slack does not work"),
                            ("week", "Friday's page"),
                        ],
                        max_length=24,
                    ),
                ),
                ("key", models.CharField(max_length=120)),
                ("subject", models.CharField(blank=True, default="", max_length=80)),
                ("title", models.CharField(max_length=300)),
                ("text", models.TextField(blank=True, default="")),
                ("path", models.CharField(max_length=300)),
                (
                    "channels",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("in_app", "Here"),
                                ("mail", "Mail at once"),
                                ("digest", "Daily mail"),
                                ("slack", "Slack"),
                            ],
                            max_length=16,
                        ),
                        size=None,
                    ),
                ),
                ("read_at", models.DateTimeField(blank=True, null=True)),
                ("digested_at", models.DateTimeField(blank=True, null=True)),
                (
                    "member",
                    models.ForeignKey(
                        db_constraint=False, on_delete=django.db.models.deletion.PROTECT, to="accounts.member"
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, to="accounts.workspace"
                    ),
                ),
            ],
            options={
                "default_related_name": "notices",
                "indexes": [
                    models.Index(fields=["workspace", "member", "created_at", "id"], name="notice_list"),
                    models.Index(
                        condition=models.Q(("channels__contains", ["in_app"]), ("read_at__isnull", True)),
                        fields=["workspace", "member"],
                        name="notice_unread",
                    ),
                    models.Index(
                        condition=models.Q(("channels__contains", ["digest"]), ("digested_at__isnull", True)),
                        fields=["workspace", "member"],
                        name="notice_to_digest",
                    ),
                    models.Index(
                        condition=models.Q(("read_at__isnull", True)),
                        fields=["workspace", "subject"],
                        name="notice_of_subject",
                    ),
                ],
                "constraints": [
                    accounts.tenancy.constraints.RowSecurity(name="accounts_notice_rls"),
                    models.UniqueConstraint(fields=("workspace", "id"), name="accounts_notice_ws_id"),
                    accounts.tenancy.constraints.WorkspaceForeignKey(field="member", name="accounts_notice_member_ws"),
                    models.UniqueConstraint(fields=("workspace", "member", "key"), name="notice_once_per_key"),
                    models.CheckConstraint(
                        condition=models.Q(("path__startswith", "/")), name="notice_leads_somewhere_here"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NoticeChoices",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        db_default=accounts.tenancy.models.UuidV7(),
                        default=uuid_utils.compat.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("chosen", models.JSONField(default=dict)),
                ("quiet", models.BooleanField(default=True)),
                (
                    "member",
                    models.ForeignKey(
                        db_constraint=False, on_delete=django.db.models.deletion.PROTECT, to="accounts.member"
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, to="accounts.workspace"
                    ),
                ),
            ],
            options={
                "default_related_name": "notice_choices",
                "constraints": [
                    accounts.tenancy.constraints.RowSecurity(name="accounts_noticechoices_rls"),
                    models.UniqueConstraint(fields=("workspace", "id"), name="accounts_noticechoices_ws_id"),
                    accounts.tenancy.constraints.WorkspaceForeignKey(
                        field="member", name="accounts_noticechoices_member_ws"
                    ),
                    models.UniqueConstraint(fields=("workspace", "member"), name="notice_choices_one"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SlackCall",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        db_default=accounts.tenancy.models.UuidV7(),
                        default=uuid_utils.compat.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("key", models.CharField(max_length=64)),
                (
                    "workspace",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, to="accounts.workspace"
                    ),
                ),
            ],
            options={
                "default_related_name": "slack_calls",
                "constraints": [
                    accounts.tenancy.constraints.RowSecurity(name="accounts_slackcall_rls"),
                    models.UniqueConstraint(fields=("workspace", "id"), name="accounts_slackcall_ws_id"),
                    models.UniqueConstraint(fields=("workspace", "key"), name="slack_call_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SlackConnection",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        db_default=accounts.tenancy.models.UuidV7(),
                        default=uuid_utils.compat.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("sealed_token", models.BinaryField()),
                ("sealed_signing_secret", models.BinaryField()),
                ("team_id", models.CharField(max_length=32)),
                ("team_name", models.CharField(blank=True, default="", max_length=120)),
                ("bot_name", models.CharField(blank=True, default="", max_length=120)),
                (
                    "state",
                    models.CharField(
                        choices=[("working", "Working"), ("broken", "Broken")], default="working", max_length=16
                    ),
                ),
                ("words", models.CharField(blank=True, default="", max_length=300)),
                ("paused_until", models.DateTimeField(blank=True, null=True)),
                ("hook_nonce", models.PositiveIntegerField(default=1)),
                (
                    "workspace",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, to="accounts.workspace"
                    ),
                ),
            ],
            options={
                "default_related_name": "slack_connections",
                "constraints": [
                    accounts.tenancy.constraints.RowSecurity(name="accounts_slackconnection_rls"),
                    models.UniqueConstraint(fields=("workspace", "id"), name="accounts_slackconnection_ws_id"),
                    models.UniqueConstraint(fields=("workspace",), name="slack_connection_one"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SlackPerson",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        db_default=accounts.tenancy.models.UuidV7(),
                        default=uuid_utils.compat.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("email", models.EmailField(max_length=254)),
                ("slack_id", models.CharField(blank=True, default="", max_length=32)),
                ("looked_up_at", models.DateTimeField()),
                (
                    "member",
                    models.ForeignKey(
                        db_constraint=False, on_delete=django.db.models.deletion.PROTECT, to="accounts.member"
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, to="accounts.workspace"
                    ),
                ),
            ],
            options={
                "default_related_name": "slack_people",
                "constraints": [
                    accounts.tenancy.constraints.RowSecurity(name="accounts_slackperson_rls"),
                    models.UniqueConstraint(fields=("workspace", "id"), name="accounts_slackperson_ws_id"),
                    accounts.tenancy.constraints.WorkspaceForeignKey(
                        field="member", name="accounts_slackperson_member_ws"
                    ),
                    models.UniqueConstraint(fields=("workspace", "member"), name="slack_person_one"),
                    models.UniqueConstraint(
                        condition=models.Q(("slack_id", ""), _negated=True),
                        fields=("workspace", "slack_id"),
                        name="slack_person_once_there",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SlackPost",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        db_default=accounts.tenancy.models.UuidV7(),
                        default=uuid_utils.compat.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("key", models.CharField(max_length=120)),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("chat.postMessage", "Message"),
                            ("chat.update", "Change of a message"),
                            ("chat.postEphemeral", "Word to one person"),
                            ("views.open", "Window"),
                        ],
                        default="chat.postMessage",
                        max_length=24,
                    ),
                ),
                ("subject", models.CharField(blank=True, default="", max_length=80)),
                ("content", models.JSONField(default=dict)),
                ("channel", models.CharField(blank=True, default="", max_length=32)),
                ("ts", models.CharField(blank=True, default="", max_length=32)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Queued"),
                            ("sending", "Sending"),
                            ("sent", "Sent"),
                            ("unconfirmed", "Unconfirmed"),
                            ("failed", "Failed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="queued",
                        max_length=16,
                    ),
                ),
                ("due_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("error", models.CharField(blank=True, default="", max_length=300)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "member",
                    models.ForeignKey(
                        db_constraint=False, on_delete=django.db.models.deletion.PROTECT, to="accounts.member"
                    ),
                ),
                (
                    "of",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="accounts.slackpost",
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, to="accounts.workspace"
                    ),
                ),
            ],
            options={
                "default_related_name": "slack_posts",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "queued")), fields=["workspace", "due_at"], name="slack_post_due"
                    ),
                    models.Index(
                        condition=models.Q(("state", "sending")),
                        fields=["workspace", "lease_until"],
                        name="slack_post_lease",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("closed_at__isnull", True),
                            ("method", "chat.postMessage"),
                            models.Q(("subject", ""), _negated=True),
                        ),
                        fields=["workspace", "subject"],
                        name="slack_post_open",
                    ),
                ],
                "constraints": [
                    accounts.tenancy.constraints.RowSecurity(name="accounts_slackpost_rls"),
                    models.UniqueConstraint(fields=("workspace", "id"), name="accounts_slackpost_ws_id"),
                    accounts.tenancy.constraints.WorkspaceForeignKey(
                        field="member", name="accounts_slackpost_member_ws"
                    ),
                    accounts.tenancy.constraints.WorkspaceForeignKey(field="of", name="accounts_slackpost_of_ws"),
                    models.UniqueConstraint(fields=("workspace", "key"), name="slack_post_once_per_key"),
                ],
            },
        ),
        migrations.RunSQL(
            [
                WORKSPACES_WITH_DUE_SLACK_POSTS,
                "REVOKE ALL ON FUNCTION workspaces_with_due_slack_posts() FROM PUBLIC",
                "GRANT EXECUTE ON FUNCTION workspaces_with_due_slack_posts() TO goodword_app",
            ],
            ["DROP FUNCTION workspaces_with_due_slack_posts()"],
        ),
    ]
