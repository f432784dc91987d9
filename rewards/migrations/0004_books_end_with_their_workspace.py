"""The journal may be deleted with its workspace: only by the function that asks whether that workspace's time is over."""

from django.db import migrations

# `app.purging` alone opens nothing: the runtime role has no right to delete here (accounts/tenancy/grants.py).
REFUSE_CHANGE = """
CREATE OR REPLACE FUNCTION ledger_refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    {purging}
    RAISE EXCEPTION 'the ledger is only ever added to: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'ledger_is_append_only';
END $$
"""
PURGING = """IF TG_OP = 'DELETE' AND coalesce(current_setting('app.purging', true), '') <> '' THEN
        RETURN NULL;
    END IF;"""


class Migration(migrations.Migration):
    dependencies = [("rewards", "0003_rewards_by_day"), ("accounts", "0019_life_of_a_workspace")]

    operations = [
        migrations.RunSQL(REFUSE_CHANGE.replace("{purging}", PURGING), REFUSE_CHANGE.replace("{purging}", "")),
    ]
