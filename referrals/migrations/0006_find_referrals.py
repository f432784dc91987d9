"""Text search over referrals, as the owner, inside the current workspace; ids only (see accounts 0010)."""

from django.db import migrations

FIND_REFERRALS = """
CREATE FUNCTION find_referrals(wanted text, most int) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp SET plan_cache_mode = force_custom_plan
SET pg_trgm.word_similarity_threshold = 0.6 AS $$
DECLARE
    here uuid := nullif(current_setting('app.workspace_id', true), '')::uuid;
    needle text := lower(btrim(wanted));
    pattern text := like_pattern(btrim(wanted));
    found uuid[];
BEGIN
    IF needle = '' THEN RETURN; END IF;
    found := ARRAY(
        SELECT hit.id FROM (
            SELECT id, search_key, created_at FROM referrals_referral
             WHERE workspace_id = here AND search_key LIKE pattern
             LIMIT most * 8) hit
         ORDER BY NOT starts_with(hit.search_key, needle), strpos(hit.search_key, ' ' || needle) = 0,
                  hit.created_at DESC
         LIMIT most);
    IF cardinality(found) = 0 AND length(needle) >= 4 THEN
        found := ARRAY(
            SELECT id FROM referrals_referral
             WHERE workspace_id = here AND needle <% search_key
             ORDER BY word_similarity(needle, search_key) DESC, created_at DESC LIMIT most);
    END IF;
    RETURN QUERY SELECT unnest(found);
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("referrals", "0005_referrals_found_and_sorted"), ("accounts", "0014_search_functions")]

    operations = [
        migrations.RunSQL(
            [
                FIND_REFERRALS,
                "REVOKE ALL ON FUNCTION find_referrals(text, int) FROM PUBLIC",
                "GRANT EXECUTE ON FUNCTION find_referrals(text, int) TO goodword_app",
            ],
            ["DROP FUNCTION find_referrals(text, int)"],
        )
    ]
