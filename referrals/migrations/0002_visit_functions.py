"""Opening a link before its workspace is known, in one round trip.

`version` says everything the landing page is made of: the row versions (xmin and ctid) of the link, its workspace,
program, contact, company and owner, of the outcomes that may be told now, and of the live reward rules. Whoever writes
one of these rows by whatever path (form, API, import, SQL) changes the version, so a page rendered once per version is
never older than the last click. Columns such as `updated_at` would miss bulk updates, triggers would slow every write.
An expired approval leaves the set by itself, because the set is cut at the time of the click.
"""

from django.db import migrations

# The visitor is known to each workspace by another id: nobody can be followed from one workspace to the next.
FIND = """
    SELECT l.id AS link_id, l.workspace_id, p.attribution_days, w.eu_mode,
           CASE WHEN w.state <> 'active' THEN 'closed'
                WHEN l.retired_at IS NOT NULL THEN 'retired'
                WHEN p.state = 'ended' THEN 'retired'
                WHEN p.state <> 'live' THEN 'paused'
                ELSE 'live' END AS state,
           CASE WHEN NOT w.eu_mode AND visitor IS NOT NULL
                THEN encode(substr(sha256(convert_to(visitor::text || l.workspace_id::text, 'UTF8')), 1, 16), 'hex')::uuid
                END AS visitor_id,
           hash_record_extended(ROW(
               l.xmin, l.ctid, w.xmin, w.ctid, p.xmin, p.ctid, c.xmin, c.ctid, co.xmin, co.ctid, m.xmin, m.ctid,
               (SELECT bit_xor(hash_record_extended(ROW(o.id, o.xmin, o.ctid), 0)) FROM accounts_outcome o
                 WHERE o.workspace_id = l.workspace_id AND (o.contact_id = c.id OR o.company_id = co.id)
                   AND o.approved_until > at_time AND o.approved_at > at_time - interval '365 days'),
               (SELECT bit_xor(hash_record_extended(ROW(r.id, r.xmin, r.ctid), 0)) FROM rewards_rewardrule r
                 WHERE r.workspace_id = l.workspace_id AND r.state = 'live')
           ), 0) AS version
      FROM referrals_link l
      JOIN accounts_workspace w ON w.id = l.workspace_id
      JOIN referrals_program p ON p.workspace_id = l.workspace_id AND p.id = l.program_id
      JOIN accounts_contact c ON c.workspace_id = l.workspace_id AND c.id = l.contact_id
      LEFT JOIN accounts_company co ON co.workspace_id = l.workspace_id AND co.id = c.company_id
      LEFT JOIN accounts_member m ON m.workspace_id = l.workspace_id AND m.id = co.owner_id
     WHERE l.code = wanted_code
"""
ANSWER = """
    OUT link_id uuid, OUT workspace_id uuid, OUT attribution_days smallint, OUT eu_mode boolean, OUT state text,
    OUT visitor_id uuid, OUT version bigint
"""

FIND_LINK = f"""
CREATE FUNCTION find_link(wanted_code text, visitor uuid, at_time timestamptz, {ANSWER})
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE hit record;
BEGIN
    {FIND} INTO hit;
    link_id := hit.link_id; workspace_id := hit.workspace_id; attribution_days := hit.attribution_days;
    eu_mode := hit.eu_mode; state := hit.state; visitor_id := hit.visitor_id; version := hit.version;
END $$
"""

RECORD_VISIT = f"""
CREATE FUNCTION record_visit(wanted_code text, visitor uuid, machine boolean, at_time timestamptz, {ANSWER})
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE hit record;
BEGIN
    {FIND} INTO hit;
    link_id := hit.link_id; workspace_id := hit.workspace_id; attribution_days := hit.attribution_days;
    eu_mode := hit.eu_mode; state := hit.state; visitor_id := hit.visitor_id; version := hit.version;
    IF hit.state = 'live' THEN
        INSERT INTO referrals_visit (workspace_id, link_id, visitor_id, is_bot, at)
        VALUES (hit.workspace_id, hit.link_id, hit.visitor_id, machine, at_time);
    END IF;
END $$
"""


def function(create: str, signature: str) -> migrations.RunSQL:
    """A function that only the runtime role may call."""
    return migrations.RunSQL(
        [
            create,
            f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC",
            f"GRANT EXECUTE ON FUNCTION {signature} TO goodword_app",
        ],
        [f"DROP FUNCTION {signature}"],
    )


class Migration(migrations.Migration):
    dependencies = [
        ("referrals", "0001_initial"),
        ("accounts", "0002_scope_functions"),
        ("rewards", "0001_initial"),
    ]

    operations = [
        function(FIND_LINK, "find_link(text, uuid, timestamptz)"),
        function(RECORD_VISIT, "record_visit(text, uuid, boolean, timestamptz)"),
    ]
