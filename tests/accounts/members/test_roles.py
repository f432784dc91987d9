"""Who may make whom what; a workspace never loses its last owner."""

import threading

import pytest
from django.db import connection

from accounts.members import actions as members
from accounts.members.models import MemberInvitation
from accounts.members.permissions import ROLE_PERMISSIONS, ROLE_SENTENCES, may_see_figures_of
from accounts.settings import actions
from accounts.tenancy.actor import SYSTEM
from accounts.tenancy.errors import Refusal
from accounts.tenancy.scope import workspace_scope
from tests.factories import accounts as make
from tests.factories.accounts import NOW


@pytest.fixture
def admin(in_acme):
    return make.MemberFactory(workspace=in_acme, role="admin", name="Ada")


def test_every_role_is_explained():
    assert set(ROLE_SENTENCES) == set(ROLE_PERMISSIONS)


def test_a_role_is_changed_and_written_down(in_acme, ana, admin):
    actions.change_role(workspace=in_acme, member=admin, role="finance", by_member=ana, now=NOW)

    admin.refresh_from_db()
    assert admin.role == "finance"
    assert in_acme.events.get(type="member.role_changed").data == {"from": "admin", "to": "finance"}


def test_only_owners_make_and_unmake_owners(in_acme, ana, admin):
    ben = make.MemberFactory(workspace=in_acme, role="sales")
    second = make.MemberFactory(workspace=in_acme, role="owner", is_active=False)
    attempts = [
        lambda: actions.change_role(workspace=in_acme, member=ben, role="owner", by_member=admin, now=NOW),
        lambda: actions.change_role(workspace=in_acme, member=ana, role="sales", by_member=admin, now=NOW),
        lambda: actions.change_role(workspace=in_acme, member=admin, role="owner", by_member=admin, now=NOW),
        lambda: actions.deactivate(workspace=in_acme, member=ana, by_member=admin, now=NOW),
        lambda: actions.reactivate(workspace=in_acme, member=second, by_member=admin, now=NOW),
        lambda: actions.invite(workspace=in_acme, email="x@acme.example", role="owner", invited_by=admin, now=NOW),
    ]

    for attempt in attempts:
        with pytest.raises(Refusal, match="Only an owner"):
            attempt()


def test_the_last_owner_stays_owner(in_acme, ana):
    with pytest.raises(Refusal, match="needs an owner"):
        actions.change_role(workspace=in_acme, member=ana, role="admin", by_member=ana, now=NOW)
    with pytest.raises(Refusal, match="needs an owner"):
        actions.deactivate(workspace=in_acme, member=ana, by_member=ana, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_two_owners_cannot_put_each_other_out_at_once():
    workspace = make.WorkspaceFactory(slug="race")
    with workspace_scope(workspace.pk):
        owners = [make.MemberFactory(workspace=workspace, role="owner", name=name) for name in ("Ana", "Ben")]
    start, refused = threading.Barrier(2), []

    def put_out(member):
        start.wait()
        try:
            with workspace_scope(workspace.pk):
                members.deactivate(workspace=workspace, member=member, by=SYSTEM, now=NOW)
        except Refusal as refusal:
            refused.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=put_out, args=[one]) for one in owners]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with workspace_scope(workspace.pk):
        assert workspace.members.filter(is_active=True).count() == 1
    assert refused == ["last_owner"]


def test_whoever_left_comes_back_in_their_role_or_by_a_new_invitation_in_another(in_acme, ana, admin):
    actions.deactivate(workspace=in_acme, member=admin, by_member=ana, now=NOW)
    back = actions.reactivate(workspace=in_acme, member=admin, by_member=ana, now=NOW)
    assert (back.is_active, back.role) == (True, "admin")

    actions.deactivate(workspace=in_acme, member=admin, by_member=ana, now=NOW)
    invitation = actions.invite(workspace=in_acme, email=admin.email, role="sales", invited_by=ana, now=NOW)
    again = members.accept(invitation=invitation, user=admin.user, now=NOW)

    assert (again.pk, again.is_active, again.role) == (admin.pk, True, "sales")


def test_an_invitation_mailed_again_closes_the_link_before(in_acme, ana):
    first = actions.invite(workspace=in_acme, email="kim@acme.example", role="sales", invited_by=ana, now=NOW)

    second = actions.resend_invitation(workspace=in_acme, invitation=first, invited_by=ana, now=NOW)

    first.refresh_from_db()
    assert (first.revoked_at, second.revoked_at, second.role) == (NOW, None, "sales")
    assert MemberInvitation.objects.filter(accepted_at=None, revoked_at=None).count() == 1


def test_figures_of_one_person_are_for_them_and_their_managers_unless_the_team_comes_first(in_acme, ana):
    ben, kim = (make.MemberFactory(workspace=in_acme, role=role) for role in ("sales", "analyst"))
    seen = [may_see_figures_of(one, ben) for one in (ben, ana, kim)]

    in_acme.team_only_figures = True
    for one in (ben, ana):
        one.workspace = in_acme

    assert seen == [True, True, False]
    assert [may_see_figures_of(one, ben) for one in (ben, ana)] == [False, False]


def test_the_team_is_read_with_the_same_number_of_queries_however_large(client, acme, ana, scope):
    from django.test.utils import CaptureQueriesContext

    client.force_login(type(ana.user).objects.get(pk=ana.user_id))
    client.get("/app/acme/settings/team")
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/app/acme/settings/team").status_code == 200
        counts.append(len(queries))
        with scope(acme.pk):
            for number in range(2):
                make.MemberFactory(workspace=acme, name=f"Member {number}", deputy=ana, timezone="")

    assert counts[0] == counts[1]
