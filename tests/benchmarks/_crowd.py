"""A workspace with very many people, each name made of two lists, a tenth of them asked before."""

from django.db import connection

from accounts.members.models import Member, User
from accounts.tenancy.models import Workspace
from accounts.tenancy.scope import workspace_scope
from tests.factories import accounts as factories

_FIRST = ("Jamie", "Marta", "Priya", "Kim", "Lukas", "Grace", "Owen", "Sofia", "Daniel", "Nora", "Felix", "Anouk")
_LAST = ("Okafor", "Lindqvist", "Raman", "Park", "Brandt", "Abara", "Castell", "Rossi", "Osei", "Feld", "Adler")


def make(*, slug: str, people: int) -> tuple[Workspace, User]:
    """Give the workspace and a user who owns it; its companies are a twentieth of its people."""
    workspace: Workspace = factories.WorkspaceFactory(slug=slug)
    with workspace_scope(workspace.pk), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', '30min', true)")
        owner: Member = factories.MemberFactory(workspace=workspace)
        cursor.execute(
            "INSERT INTO accounts_company (id, workspace_id, name, industry, country, currency, plan, trial,"
            " acquired_via, referrer_hint, publicity, gift_policy, attributes, updated_at, owner_id)"
            " SELECT uuidv7(), %s, 'Company ' || md5(n::text), '', '', '', '', false, 'unknown', '', 'unknown',"
            " 'unknown', '{}', now(), %s FROM generate_series(1, %s) n",
            [workspace.pk, owner.pk, people // 20],
        )
        cursor.execute(
            "INSERT INTO accounts_contact (id, workspace_id, first_name, last_name, email, email_normalized, title,"
            " seniority, phone, linkedin_url, locale, timezone, country, preferred_reward, attributes,"
            " preferences_nonce, latest_scores, expert_parts, silences, updated_at, asked_at, company_id)"
            " SELECT uuidv7(), %s, (%s::text[])[1 + n %% %s], (%s::text[])[1 + n / 7 %% %s] || ' ' || n %% 1000,"
            " 'p' || n || '@firm' || n / 20 || '.example', 'p' || n || '@firm' || n / 20 || '.example', '', 'user',"
            " '', '', '', '', '', '', '{}', 0, '{}', '{}', 0, now(),"
            " CASE WHEN n %% 10 = 0 THEN now() - n * interval '1 minute' END,"
            " (SELECT id FROM accounts_company WHERE workspace_id = %s LIMIT 1) FROM generate_series(1, %s) n",
            [workspace.pk, list(_FIRST), len(_FIRST), list(_LAST), len(_LAST), workspace.pk, people],
        )
    return workspace, User.objects.get(pk=owner.user_id)


def analyze() -> None:
    """Tell the planner what has come in, as autovacuum would. Only the owner may."""
    import os

    import psycopg2

    with psycopg2.connect(os.environ["MIGRATION_DATABASE_URL"]) as owner, owner.cursor() as cursor:
        cursor.execute("ANALYZE accounts_contact, accounts_company")
