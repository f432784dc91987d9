"""Whose domain it is, asked by the sign-in page before any workspace is known: an id only."""

from django.db import migrations

WORKSPACE_OF_SIGN_ON_DOMAIN = """
CREATE FUNCTION workspace_of_sign_on_domain(wanted text) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT workspace_id FROM accounts_signondomain WHERE domain = wanted AND proven_at IS NOT NULL
$$
"""

# The demo is for looking around: nobody is asked for a second factor there.
DEMO_WITHOUT_SECOND_FACTOR = "UPDATE accounts_workspace SET second_factor_roles = '{}' WHERE is_demo"


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
    dependencies = [("accounts", "0011_signing_in")]

    operations = [
        function(WORKSPACE_OF_SIGN_ON_DOMAIN, "workspace_of_sign_on_domain(text)"),
        migrations.RunSQL(DEMO_WITHOUT_SECOND_FACTOR, migrations.RunSQL.noop),
    ]
