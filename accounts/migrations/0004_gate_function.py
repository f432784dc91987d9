"""What the gate knows about contacts, as a function: every intake asks it, and its plan is kept by the connection.

SECURITY INVOKER: row-level security binds it like any other query. The answer is read by customers/gate_facts.py.
"""

from django.db import migrations

GATE_FACTS = """
CREATE FUNCTION gate_facts(
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
           contact.rest_until, contact.rest_reason, contact.silences, contact.low_answer_at,
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
      LEFT JOIN accounts_company company
        ON company.workspace_id = contact.workspace_id AND company.id = contact.company_id;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_mail_functions")]

    operations = [
        migrations.RunSQL(
            [
                GATE_FACTS,
                "REVOKE ALL ON FUNCTION gate_facts(uuid, uuid[], text[], timestamptz, timestamptz) FROM PUBLIC",
                "GRANT EXECUTE ON FUNCTION gate_facts(uuid, uuid[], text[], timestamptz, timestamptz) TO goodword_app",
            ],
            ["DROP FUNCTION gate_facts(uuid, uuid[], text[], timestamptz, timestamptz)"],
        )
    ]
