"""How much mail waits, is under way or is stranded, over all workspaces: numbers only, for the operator."""

from django.db import migrations

# Each arm reads one partial index; what was sent, by far the most, is never looked at. Only workspaces that are served
# count: the mail of a suspended one waits on purpose.
MAIL_FIGURES = """
CREATE FUNCTION mail_figures() RETURNS TABLE (figure text, kind text, messages bigint, oldest_s double precision)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH served AS (SELECT id FROM accounts_workspace WHERE state = 'active')
    SELECT 'queued', '', count(*), NULL::float8
      FROM accounts_message WHERE state = 'queued' AND workspace_id IN (SELECT id FROM served)
    UNION ALL
    SELECT 'due', kind, count(*), extract(epoch FROM statement_timestamp() - min(due_at))::float8
      FROM accounts_message
     WHERE state = 'queued' AND due_at <= statement_timestamp() AND workspace_id IN (SELECT id FROM served)
     GROUP BY kind
    UNION ALL
    SELECT 'sending', '', count(*), NULL
      FROM accounts_message WHERE state = 'sending' AND workspace_id IN (SELECT id FROM served)
    UNION ALL
    SELECT 'stuck', '', count(*), extract(epoch FROM statement_timestamp() - min(lease_until))::float8
      FROM accounts_message
     WHERE state = 'sending' AND lease_until <= statement_timestamp() AND workspace_id IN (SELECT id FROM served)
    UNION ALL
    SELECT state, '', count(*), NULL
      FROM accounts_message
     WHERE state IN ('unconfirmed', 'failed') AND workspace_id IN (SELECT id FROM served)
     GROUP BY state
    UNION ALL
    SELECT 'failed_today', '', count(*), NULL
      FROM accounts_message
     WHERE state = 'failed' AND due_at > statement_timestamp() - interval '1 day'
       AND workspace_id IN (SELECT id FROM served)
    UNION ALL
    SELECT 'queued', 'account', count(*), NULL FROM accounts_accountmessage WHERE state = 'queued'
    UNION ALL
    SELECT 'due', 'account', count(*), extract(epoch FROM statement_timestamp() - min(due_at))::float8
      FROM accounts_accountmessage WHERE state = 'queued' AND due_at <= statement_timestamp()
    UNION ALL
    SELECT state, 'account', count(*), NULL
      FROM accounts_accountmessage WHERE state IN ('sending', 'unconfirmed', 'failed') GROUP BY state
    UNION ALL
    SELECT 'stuck', 'account', count(*), extract(epoch FROM statement_timestamp() - min(lease_until))::float8
      FROM accounts_accountmessage
     WHERE state = 'sending' AND lease_until <= statement_timestamp()
    UNION ALL
    SELECT 'failed_today', 'account', count(*), NULL
      FROM accounts_accountmessage WHERE state = 'failed' AND due_at > statement_timestamp() - interval '1 day'
$$
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0009_workers")]

    operations = [
        migrations.RunSQL(
            [
                MAIL_FIGURES,
                "REVOKE ALL ON FUNCTION mail_figures() FROM PUBLIC",
                "GRANT EXECUTE ON FUNCTION mail_figures() TO goodword_app",
            ],
            ["DROP FUNCTION mail_figures()"],
        )
    ]
