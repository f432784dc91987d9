"""The journal's own walls: entries balance when their transaction ends, take no line later, and are never changed."""

from django.db import migrations

# SECURITY DEFINER: a deferred trigger runs at COMMIT, when the workspace scope may be gone. Under row-level security
# the runtime role would then read no lines and refuse good entries. The column comes as an argument, because naming
# NEW.entry_id in a function that entries share fails at run time.
CHECK_BALANCED = """
CREATE FUNCTION ledger_check_balanced() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    wanted uuid := (to_jsonb(NEW) ->> TG_ARGV[0])::uuid;
    lines bigint;
    uneven text;
BEGIN
    SELECT count(*) INTO lines FROM rewards_ledgerline WHERE entry_id = wanted;
    IF lines < 2 THEN
        RAISE EXCEPTION 'ledger entry % has % lines, an entry has two or more', wanted, lines
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'ledger_entry_has_lines';
    END IF;
    SELECT string_agg(currency, ', ') INTO uneven FROM (
        SELECT currency FROM rewards_ledgerline WHERE entry_id = wanted
         GROUP BY currency HAVING sum(amount_minor) <> 0) AS sums;
    IF uneven IS NOT NULL THEN
        RAISE EXCEPTION 'ledger entry % does not balance in %', wanted, uneven
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'ledger_entry_balances';
    END IF;
    RETURN NULL;
END $$
"""

# Without it a further balanced pair on an old entry is accepted: both sums are still nothing.
SAME_TRANSACTION = """
CREATE FUNCTION ledger_line_of_this_transaction() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM rewards_ledgerentry WHERE id = NEW.entry_id AND created_xid = pg_current_xact_id();
    IF NOT FOUND THEN
        RAISE EXCEPTION 'ledger entry % is closed', NEW.entry_id
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'ledger_entry_is_closed';
    END IF;
    PERFORM 1 FROM rewards_ledgeraccount WHERE id = NEW.account_id AND currency = NEW.currency;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'ledger account % is not in %', NEW.account_id, NEW.currency
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'ledger_line_currency_of_account';
    END IF;
    RETURN NEW;
END $$
"""

# Whoever writes an entry cannot choose the transaction it belongs to.
STAMP_ENTRY = """
CREATE FUNCTION ledger_stamp_entry() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    NEW.created_xid := pg_current_xact_id();
    RETURN NEW;
END $$
"""

REFUSE_CHANGE = """
CREATE FUNCTION ledger_refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is only ever added to: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'ledger_is_append_only';
END $$
"""

TRIGGERS = {
    "rewards_ledgerentry": {
        "ledger_entry_stamped": "BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION ledger_stamp_entry()",
        "ledger_entry_append_only": "BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} FOR EACH STATEMENT"
        " EXECUTE FUNCTION ledger_refuse_change()",
    },
    "rewards_ledgerline": {
        "ledger_line_same_transaction": "BEFORE INSERT ON {table} FOR EACH ROW"
        " EXECUTE FUNCTION ledger_line_of_this_transaction()",
        "ledger_line_append_only": "BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} FOR EACH STATEMENT"
        " EXECUTE FUNCTION ledger_refuse_change()",
    },
}
DEFERRED = {
    "rewards_ledgerentry": ("ledger_entry_has_lines", "id"),
    "rewards_ledgerline": ("ledger_line_balanced", "entry_id"),
}


def triggers() -> list[migrations.RunSQL]:
    operations = [
        migrations.RunSQL(f"CREATE TRIGGER {name} {body.format(table=table)}", f"DROP TRIGGER {name} ON {table}")
        for table, bodies in TRIGGERS.items()
        for name, body in bodies.items()
    ]
    operations += [
        migrations.RunSQL(
            f"CREATE CONSTRAINT TRIGGER {name} AFTER INSERT ON {table} DEFERRABLE INITIALLY DEFERRED"
            f" FOR EACH ROW EXECUTE FUNCTION ledger_check_balanced('{column}')",
            f"DROP TRIGGER {name} ON {table}",
        )
        for table, (name, column) in DEFERRED.items()
    ]
    return operations


def function(create: str, signature: str) -> migrations.RunSQL:
    """A function that only triggers call."""
    return migrations.RunSQL(
        [create, f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC"], [f"DROP FUNCTION {signature}"]
    )


class Migration(migrations.Migration):
    dependencies = [("rewards", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE rewards_ledgerentry ADD COLUMN created_xid xid8 NOT NULL DEFAULT pg_current_xact_id()",
            "ALTER TABLE rewards_ledgerentry DROP COLUMN created_xid",
        ),
        function(CHECK_BALANCED, "ledger_check_balanced()"),
        function(SAME_TRANSACTION, "ledger_line_of_this_transaction()"),
        function(STAMP_ENTRY, "ledger_stamp_entry()"),
        function(REFUSE_CHANGE, "ledger_refuse_change()"),
        *triggers(),
    ]
