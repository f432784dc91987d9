"""What the migrated database says of itself: a new table can't forget its walls."""

import pytest
from django.apps import apps
from django.db import connection

from accounts.tenancy.constraints import RUNTIME_ROLE
from accounts.tenancy.models import TenantModel, Workspace

# Tables of no workspace, each with its reason.
WITHOUT_WORKSPACE = {
    "accounts_workspace": "the workspace itself",
    "accounts_user": "one person may work in several workspaces; members say where",
    "accounts_user_groups": "the operator's admin site",
    "accounts_user_user_permissions": "the operator's admin site",
    "accounts_accountmessage": "mail about signing in, before any workspace is chosen",
    "accounts_workerheartbeat": "workers serve every workspace",
    "accounts_pulse": "one look for due mail is for every workspace",
    "accounts_outage": "the installation stood still, with every workspace on it",
    "account_emailaddress": "sign-in addresses of users",
    "account_emailconfirmation": "sign-in addresses of users",
    "auth_group": "the operator's admin site",
    "auth_group_permissions": "the operator's admin site",
    "auth_permission": "the operator's admin site",
    "django_content_type": "Django's own list of models",
    "django_migrations": "Django's own list of migrations",
    "django_session": "sessions of users",
    "mfa_authenticator": "second factors of users",
    "socialaccount_socialaccount": "allauth's own; stays empty, people are matched by a proven address each time",
    "socialaccount_socialapp": "allauth's own; stays empty, providers are rows of workspaces (accounts_signon)",
    "socialaccount_socialtoken": "allauth's own; stays empty, no provider's token is kept",
    "usersessions_usersession": "where users are signed in",
}

# Relations that the database does not keep, each with its reason.
WITHOUT_COMPOSITE_KEY = {
    "referrals_visit.link_id": "a visit is written in one round trip by a function that found the link itself",
}

TENANT_MODELS = [model for model in apps.get_models() if any(f.name == "workspace" for f in model._meta.fields)]


def rows(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def tenant_tables():
    found = rows(
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'workspace_id' AND NOT a.attisdropped"
        " WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')"
    )
    return {name for (name,) in found}


def composite_keys():
    """{table.column} of every foreign key on (workspace_id, column) to (workspace_id, id)."""
    found = rows(
        "SELECT k.conrelid::regclass::text, a.attname FROM pg_constraint k"
        " JOIN pg_attribute w ON w.attrelid = k.conrelid AND w.attnum = k.conkey[1] AND w.attname = 'workspace_id'"
        " JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[2]"
        " JOIN pg_attribute t ON t.attrelid = k.confrelid AND t.attnum = k.confkey[1] AND t.attname = 'workspace_id'"
        " WHERE k.contype = 'f' AND cardinality(k.conkey) = 2 AND NOT k.condeferred AND k.convalidated"
    )
    return {f"{table}.{column}" for table, column in found}


def test_every_table_has_a_workspace_or_a_reason(db):
    tables = {name for (name,) in rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}

    assert tables - tenant_tables() == set(WITHOUT_WORKSPACE)


def test_every_tenant_table_has_row_security_that_binds_its_owner_too(db):
    secured = rows(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        " AND relrowsecurity AND relforcerowsecurity"
    )

    assert {name for (name,) in secured} == tenant_tables()


def test_every_tenant_table_has_exactly_its_two_policies(db):
    found = rows(
        "SELECT tablename, policyname, cmd, roles::text[], qual, with_check FROM pg_policies"
        " WHERE schemaname = 'public' ORDER BY tablename, policyname"
    )

    policies = {}
    for table, name, command, roles, qual, check in found:
        bound = "app.workspace_id" in qual and "app.workspace_id" in check if name == "workspace_isolation" else None
        owners = roles == [RUNTIME_ROLE] if name == "workspace_isolation" else RUNTIME_ROLE not in roles
        policies.setdefault(table, []).append((name, command, bound, owners))
    assert policies == {
        table: [("maintenance", "ALL", None, True), ("workspace_isolation", "ALL", True, True)]
        for table in tenant_tables()
    }


def test_no_maintenance_policy_is_for_everybody(db):
    assert rows("SELECT tablename FROM pg_policies WHERE 'public' = ANY(roles)") == []


def test_every_relation_between_tenant_tables_carries_the_workspace(db):
    wanted = {
        f"{model._meta.db_table}.{field.column}"
        for model in TENANT_MODELS
        for field in model._meta.fields
        if field.is_relation and field.related_model in TENANT_MODELS
    }

    assert wanted - composite_keys() == set(WITHOUT_COMPOSITE_KEY)


def test_no_plain_foreign_key_joins_two_tenant_tables(db):
    plain = rows(
        "SELECT conname, conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint"
        " WHERE contype = 'f' AND cardinality(conkey) = 1"
    )
    tables = tenant_tables()

    assert [name for name, one, other in plain if one in tables and other in tables] == []


def test_every_tenant_model_requires_a_workspace():
    for model in apps.get_models():
        if issubclass(model, TenantModel):
            field = model._meta.get_field("workspace")
            assert (field.null, field.related_model) == (False, Workspace), model._meta.label


def test_views_see_with_the_eyes_of_who_asks(db):
    views = rows(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('v', 'm')"
        " AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = pg_class.oid AND d.deptype = 'e')"
        " AND NOT coalesce(reloptions @> ARRAY['security_invoker=true'], false)"
    )

    assert views == []


def test_definer_functions_fix_their_search_path_and_are_not_for_everybody(db):
    loose = rows(
        "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef"
        " AND (NOT coalesce(array_to_string(proconfig, ',') LIKE '%%search_path=%%', false)"
        "      OR has_function_privilege('pg_monitor', oid, 'EXECUTE')) AND prorettype <> 'trigger'::regtype"
    )

    assert loose == []


def test_the_runtime_role_is_bound_by_everything(db):
    role = rows(
        "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user"
    )
    owned = rows("SELECT relname FROM pg_class WHERE pg_get_userbyid(relowner) = current_user")
    owners = rows(
        "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'"
        " AND pg_has_role(current_user, tableowner, 'MEMBER')"
    )

    assert (role, owned, owners) == ([(RUNTIME_ROLE, False, False, False, False)], [], [])


@pytest.mark.parametrize("right", ["TRUNCATE", "REFERENCES", "TRIGGER"])
def test_the_runtime_role_changes_rows_never_structure(db, right):
    allowed = rows(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
        " AND has_table_privilege(current_user, oid, %s)",
        right,
    )

    assert allowed == []
