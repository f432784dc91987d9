"""The rest after an ask leaves the contact's wide row: it is written for every ask that is sent."""

import django.db.models.deletion
import django.db.models.functions.datetime
import uuid_utils.compat
from django.db import migrations, models

import accounts.tenancy.constraints
import accounts.tenancy.models

MOVE = """
INSERT INTO accounts_rest (workspace_id, contact_id, until, reason)
SELECT workspace_id, id, rest_until, rest_reason FROM accounts_contact WHERE rest_until IS NOT NULL
"""
# As before, but for where the rest is read.
GATE_FACTS = """
CREATE OR REPLACE FUNCTION gate_facts(
    wanted_workspace uuid, wanted_ids uuid[], email_hashes text[], at_time timestamptz, quarter_ago timestamptz
) RETURNS TABLE (
    contact_id uuid, first_name varchar, email_normalized varchar, company_name varchar,
    rest_until timestamptz, rest_reason varchar, silences smallint, low_answer_at timestamptz,
    trial boolean, churned_at timestamptz, renewal_on date, renewal_signed_at timestamptz,
    has_open_deal boolean, suppressions varchar[], holds text, colleagues_asked_at timestamptz[], is_merged boolean
) LANGUAGE plpgsql STABLE SECURITY INVOKER AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT contact.id, contact.first_name, contact.email_normalized, company.name,
           rest.until, coalesce(rest.reason, ''), contact.silences, contact.low_answer_at,
           coalesce(company.trial, false), company.churned_at, company.renewal_on, company.renewal_signed_at,
           EXISTS (SELECT FROM accounts_deal deal
                    WHERE deal.workspace_id = contact.workspace_id AND deal.company_id = contact.company_id
                      AND deal.outcome = 'open'),
           ARRAY(SELECT purpose FROM accounts_suppression suppression
                  WHERE suppression.workspace_id = contact.workspace_id
                    AND suppression.email_hash = decode(wanted.email_hash, 'hex')),
           (SELECT json_agg(json_build_object('purpose', hold.purpose, 'reason', hold.reason, 'detail', hold.detail,
                                              'until', hold.until, 'on_company', hold.company_id IS NOT NULL)
                            ORDER BY hold.starts_at, hold.id)::text
              FROM accounts_hold hold
             WHERE hold.workspace_id = contact.workspace_id AND hold.lifted_at IS NULL AND hold.starts_at <= at_time
               AND (hold.until IS NULL OR hold.until > at_time)
               AND (hold.contact_id = contact.id OR hold.company_id = contact.company_id)),
           ARRAY(SELECT colleague.asked_at FROM accounts_contact colleague
                  WHERE colleague.workspace_id = contact.workspace_id AND colleague.company_id = contact.company_id
                    AND colleague.id <> contact.id AND colleague.merged_into_id IS NULL
                    AND colleague.asked_at > quarter_ago
                  ORDER BY colleague.asked_at DESC LIMIT 3),
           contact.merged_into_id IS NOT NULL
      FROM unnest(wanted_ids, email_hashes) AS wanted(id, email_hash)
      JOIN accounts_contact contact ON contact.workspace_id = wanted_workspace AND contact.id = wanted.id
      LEFT JOIN accounts_rest rest ON rest.workspace_id = contact.workspace_id AND rest.contact_id = contact.id
      LEFT JOIN accounts_company company
        ON company.workspace_id = contact.workspace_id AND company.id = contact.company_id;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0016_imports_as_jobs"),
    ]

    operations = [
        migrations.CreateModel(
            name="Rest",
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
                ("until", models.DateTimeField()),
                ("reason", models.CharField(max_length=24)),
                (
                    "contact",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rest",
                        to="accounts.contact",
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
                "default_related_name": "rests",
                "constraints": [
                    accounts.tenancy.constraints.RowSecurity(name="accounts_rest_rls"),
                    models.UniqueConstraint(fields=("workspace", "id"), name="accounts_rest_ws_id"),
                    accounts.tenancy.constraints.WorkspaceForeignKey(field="contact", name="accounts_rest_contact_ws"),
                ],
            },
        ),
        migrations.RunSQL([MOVE, GATE_FACTS]),
        migrations.RemoveField(model_name="contact", name="rest_reason"),
        migrations.RemoveField(model_name="contact", name="rest_until"),
    ]
