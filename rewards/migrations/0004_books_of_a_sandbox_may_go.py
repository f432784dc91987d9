"""The books are only ever added to. Those of a sandbox leave with it: only its function says so, and for one statement.

The runtime role may delete nothing of the journal whatever is said; this opens the owner's side alone.
"""

from django.db import migrations

REFUSE_CHANGE = """
CREATE OR REPLACE FUNCTION ledger_refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN{leave}
    RAISE EXCEPTION 'the ledger is only ever added to: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'ledger_is_append_only';
END $$
"""
LEAVE = """
    IF TG_OP = 'DELETE' AND coalesce(current_setting('app.removing_sandbox', true), '') = 'yes' THEN
        RETURN NULL;
    END IF;"""


class Migration(migrations.Migration):
    dependencies = [("rewards", "0003_rewards_by_day")]

    operations = [migrations.RunSQL(REFUSE_CHANGE.format(leave=LEAVE), REFUSE_CHANGE.format(leave=""))]
