"""Single sign-on and its domains, who needs a second factor, the first day of an absence."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import uuid_utils.compat
from django.db import migrations, models

import accounts.tenancy.constraints
import accounts.tenancy.models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_mail_figures"),
    ]

    operations = [
        migrations.CreateModel(
            name="SignOn",
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
                ("kind", models.CharField(choices=[("oidc", "OpenID Connect"), ("saml", "SAML")], max_length=8)),
                ("name", models.CharField(max_length=40)),
                ("issuer", models.URLField(blank=True, default="", max_length=300)),
                ("client_id", models.CharField(blank=True, default="", max_length=190)),
                ("client_secret", models.BinaryField(blank=True, default=b"")),
                ("entity_id", models.CharField(blank=True, default="", max_length=300)),
                ("sso_url", models.URLField(blank=True, default="", max_length=300)),
                ("certificate", models.TextField(blank=True, default="", max_length=10000)),
                ("worked_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "default_related_name": "sign_ons",
            },
        ),
        migrations.CreateModel(
            name="SignOnDomain",
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
                ("domain", models.CharField(max_length=253)),
                ("nonce", models.UUIDField(default=uuid_utils.compat.uuid7)),
                ("proven_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "default_related_name": "sign_on_domains",
            },
        ),
        migrations.AddField(
            model_name="member",
            name="absent_from",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="workspace",
            name="second_factor_roles",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=16),
                blank=True,
                default=accounts.tenancy.models.owner_and_finance,
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="workspace",
            name="sign_on_required",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="workspace",
            name="team_only_figures",
            field=models.BooleanField(default=False),
        ),
        migrations.AddConstraint(
            model_name="member",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("absent_from__isnull", True),
                    models.Q(("absent_until__gte", models.F("absent_from")), ("absent_until__isnull", False)),
                    _connector="OR",
                ),
                name="member_absence_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="member",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("deputy__isnull", True), models.Q(("deputy", models.F("id")), _negated=True), _connector="OR"
                ),
                name="member_is_not_own_deputy",
            ),
        ),
        migrations.AddField(
            model_name="signon",
            name="workspace",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, to="accounts.workspace"
            ),
        ),
        migrations.AddField(
            model_name="signondomain",
            name="sign_on",
            field=models.ForeignKey(
                db_constraint=False, on_delete=django.db.models.deletion.PROTECT, to="accounts.signon"
            ),
        ),
        migrations.AddField(
            model_name="signondomain",
            name="workspace",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, to="accounts.workspace"
            ),
        ),
        migrations.AddConstraint(
            model_name="signon",
            constraint=accounts.tenancy.constraints.RowSecurity(name="accounts_signon_rls"),
        ),
        migrations.AddConstraint(
            model_name="signon",
            constraint=models.UniqueConstraint(fields=("workspace", "id"), name="accounts_signon_ws_id"),
        ),
        migrations.AddConstraint(
            model_name="signon",
            constraint=models.UniqueConstraint(fields=("workspace",), name="sign_on_one_per_workspace"),
        ),
        migrations.AddConstraint(
            model_name="signon",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("client_id__gt", ""), ("issuer__gt", ""), ("kind", "oidc")),
                    models.Q(("certificate__gt", ""), ("entity_id__gt", ""), ("kind", "saml"), ("sso_url__gt", "")),
                    _connector="OR",
                ),
                name="sign_on_complete",
            ),
        ),
        migrations.AddConstraint(
            model_name="signondomain",
            constraint=accounts.tenancy.constraints.RowSecurity(name="accounts_signondomain_rls"),
        ),
        migrations.AddConstraint(
            model_name="signondomain",
            constraint=models.UniqueConstraint(fields=("workspace", "id"), name="accounts_signondomain_ws_id"),
        ),
        migrations.AddConstraint(
            model_name="signondomain",
            constraint=accounts.tenancy.constraints.WorkspaceForeignKey(
                field="sign_on", name="accounts_signondomain_sign_on_ws"
            ),
        ),
        migrations.AddConstraint(
            model_name="signondomain",
            constraint=models.UniqueConstraint(
                fields=("workspace", "domain"), name="sign_on_domain_once_per_workspace"
            ),
        ),
        migrations.AddConstraint(
            model_name="signondomain",
            constraint=models.UniqueConstraint(
                condition=models.Q(("proven_at__isnull", False)), fields=("domain",), name="sign_on_domain_proven_once"
            ),
        ),
    ]
