"""Coming in by OpenID Connect, with a provider that keeps the rules, and one that breaks them."""

import pytest
from allauth.socialaccount.models import SocialAccount
from django.utils import timezone

from accounts.members.models import MemberInvitation, User
from accounts.signin import doors
from accounts.signin.models import SignOn
from tests.accounts.signin.conftest import LOGIN, TODAY, give_app, sign_in, user_of, ways
from tests.accounts.signin.fake_oidc import FakeProvider, Refused, serving
from tests.factories import accounts as make
from tests.factories.accounts import NOW

SECRET = "a shared secret"


@pytest.fixture
def provider(acme, scope, settings):
    """Acme's provider, running, known to Acme, with a proven domain; Ana has an account there."""
    settings.PRIVATE_NETWORKS_ALLOWED = ["127.0.0.0/8"]
    with serving(FakeProvider(client_id="goodword", client_secret=SECRET)) as provider:
        with scope(acme.pk):
            sign_on = make.SignOnFactory(workspace=acme, issuer=provider.issuer)
            make.SignOnDomainFactory(sign_on=sign_on, domain="acme.example", proven_at=NOW)
        provider.redirect_uri = f"http://testserver/accounts/oidc/{acme.public_id}/login/callback/"
        provider.person = {"sub": "u-1", "email": "ana@acme.example", "name": "Ana Acme", "email_verified": True}
        yield provider


def leave(client, email="ana@acme.example", then=""):
    """From the sign-in page to the provider; gives the address there."""
    start = client.post("/accounts/sso/", {"email": email, "next": then})
    assert (start.status_code, start["Location"]) == (302, "/accounts/sso/leaving/")
    page = client.get("/accounts/sso/leaving/").content.decode()
    assert 'content="0; url=/accounts/sso/go/"' in page
    return client.get("/accounts/sso/go/")["Location"]


def come_back(client, provider, **more):
    return client.get(provider.authorize(leave(client, **more)), follow=True)


def test_a_member_comes_in_and_lands_where_they_wanted(client, ana, provider):
    answer = come_back(client, provider, then="/app/acme/referrals/")

    assert ways(answer)[-1] == "/app/acme/referrals/"
    assert answer.status_code == 200
    assert SocialAccount.objects.count() == 0


def test_the_address_alone_is_enough_on_the_sign_in_page(client, ana, provider):
    answer = client.post(LOGIN, {"login": "ana@acme.example", "password": ""})

    assert answer.url == "/accounts/sso/leaving/"


def test_an_address_of_no_company_is_told_so_beside_its_field(client, ana, provider):
    answer = client.post("/accounts/sso/", {"email": "kim@elsewhere.example"})

    assert answer.status_code == 422
    assert "no sign-in of its own" in answer.context["form"].errors["email"][0]


def test_a_sign_in_begins_only_with_a_form_of_ours_and_once(client, ana, provider):
    assert client.get("/accounts/sso/go/").url == LOGIN
    leave(client)
    assert client.get("/accounts/sso/go/").url == LOGIN


def test_a_code_works_once_and_only_in_the_browser_that_asked(client, ana, provider):
    from django.test import Client

    address = provider.authorize(leave(client))

    stolen = Client().get(address)
    mine = client.get(address)
    again = client.get(address)

    assert [one.status_code for one in (stolen, mine, again)] == [401, 302, 401]


@pytest.mark.parametrize(
    "lie", ["signature", "unsigned", "shared secret", "audience", "expired", "subject", "no id_token"]
)
def test_a_token_that_breaks_a_rule_opens_nothing(client, ana, provider, lie):
    provider.lie = lie

    answer = come_back(client, provider)

    assert answer.status_code == 401
    assert "did not answer as it should" in answer.content.decode()
    assert client.get(TODAY).status_code == 302


def test_an_answer_to_another_question_opens_nothing(client, ana, provider):
    provider.lie = "nonce"

    answer = come_back(client, provider)

    assert (answer.status_code, client.get(TODAY).status_code) == (403, 302)
    assert "does not belong to our question" in answer.content.decode()


def test_a_document_of_another_issuer_is_not_followed(client, ana, provider):
    provider.lie = "issuer"
    client.post("/accounts/sso/", {"email": "ana@acme.example"})

    answer = client.get("/accounts/sso/go/")

    assert answer.status_code == 502
    assert provider.grants == {}


def test_a_provider_that_is_gone_gets_a_page_that_says_so(client, ana, acme, scope, settings):
    with scope(acme.pk):
        sign_on = make.SignOnFactory(workspace=acme, issuer="https://127.0.0.1:1")
        make.SignOnDomainFactory(sign_on=sign_on, proven_at=NOW)
    client.post("/accounts/sso/", {"email": "ana@acme.example"})

    assert client.get("/accounts/sso/go/").status_code == 502


def test_the_fake_keeps_its_rules(provider):
    with pytest.raises(Refused):
        provider.authorize(f"{provider.issuer}/authorize?client_id=goodword&redirect_uri=https://evil.test/")


# --- whom a provider may speak for


def test_an_address_outside_its_domains_is_never_believed(client, ana, provider, globex, scope):
    """Else any workspace could sign in as anybody."""
    with scope(globex.pk):
        make.MemberFactory(workspace=globex, user__email="victim@globex.example")
    provider.person |= {"email": "victim@globex.example"}

    answer = come_back(client, provider)

    assert answer.status_code == 403
    assert "_auth_user_id" not in client.session


def test_a_domain_not_proven_yet_is_not_enough(client, ana, provider, acme, scope):
    address = provider.authorize(leave(client))
    with scope(acme.pk):
        acme.sign_on_domains.update(proven_at=None)

    assert client.get(address).status_code == 403
    assert client.post("/accounts/sso/", {"email": "ana@acme.example"}).status_code == 422


def test_an_address_the_provider_itself_doubts_is_not_believed(client, ana, provider):
    provider.person |= {"email_verified": False}

    assert come_back(client, provider).status_code == 403


def test_a_provider_that_says_nothing_about_the_address_is_believed(client, ana, provider):
    del provider.person["email_verified"]

    assert ways(come_back(client, provider))[-1] == TODAY


def test_somebody_not_on_the_team_is_told_whom_to_ask(client, ana, provider):
    provider.person |= {"sub": "u-2", "email": "kim@acme.example"}

    answer = come_back(client, provider)

    assert answer.status_code == 403
    assert "kim@acme.example is not on the team of Acme" in answer.content.decode()
    assert User.objects.filter(email="kim@acme.example").exists() is False


def test_somebody_invited_joins_with_a_proven_address_and_no_password(client, ana, provider, acme, scope):
    with scope(acme.pk):
        MemberInvitation.objects.create(
            workspace=acme, email="kim@acme.example", role="sales", invited_by=ana, expires_at=NOW.replace(year=2099)
        )
    provider.person |= {"sub": "u-2", "email": "kim@acme.example", "name": "Kim Park"}

    answer = come_back(client, provider)

    assert ways(answer)[-1] == TODAY
    with scope(acme.pk):
        member = acme.members.get(email="kim@acme.example")
    assert (member.name, member.role) == ("Kim Park", "sales")
    assert user_of(member).has_usable_password() is False
    assert user_of(member).emailaddress_set.get().verified is True


def test_somebody_taken_off_the_team_stays_out(client, ana, provider, acme, scope):
    with scope(acme.pk):
        ben = make.MemberFactory(workspace=acme, user__email="ben@acme.example", is_active=False)
    provider.person |= {"sub": "u-3", "email": ben.email}

    assert come_back(client, provider).status_code == 403


def test_ones_own_second_factor_is_still_asked_for(client, ana, provider):
    give_app(user_of(ana))

    assert ways(come_back(client, provider))[-1] == "/accounts/second-factor/authenticate/"


# --- where it is required


@pytest.fixture
def required(provider, acme, scope):
    type(acme).objects.filter(pk=acme.pk).update(sign_on_required=True, second_factor_roles=["owner", "manager"])
    with scope(acme.pk):
        ben = make.MemberFactory(workspace=acme, role="manager", user__email="ben@acme.example", name="Ben Okoro")
    ben.user.emailaddress_set.create(email=ben.email, verified=True, primary=True)
    provider.person |= {"sub": "u-3", "email": "ben@acme.example"}
    return acme


def test_a_member_with_a_password_is_sent_to_the_provider_and_then_to_their_page(client, required, provider):
    door = sign_in(client, email="ben@acme.example")
    wanted = client.get("/app/acme/referrals/", follow=True)
    client.post("/accounts/wanted/acme/sso/", {"next": "/app/acme/referrals/"})
    answer = client.get(provider.authorize(client.get("/accounts/sso/go/")["Location"]), follow=True)

    assert ways(door)[-1].startswith("/accounts/wanted/acme/sso/?next=")
    assert "Acme asks you to come by Acme account." in wanted.content.decode()
    # Coming by the company counts as a second factor: no other door stands in the way.
    assert (ways(answer)[-1], answer.status_code) == ("/app/acme/referrals/", 200)


def test_an_owner_keeps_a_way_in(client, ana, required):
    type(required).objects.filter(pk=required.pk).update(second_factor_roles=[])

    assert ways(sign_in(client))[-1] == TODAY


def test_members_of_other_domains_come_as_before(client, required, scope):
    with scope(required.pk):
        guest = make.MemberFactory(workspace=required, role="sales", user__email="guest@partner.example")
    guest.user.emailaddress_set.create(email=guest.email, verified=True, primary=True)

    assert ways(sign_in(client, email="guest@partner.example"))[-1] == TODAY


def test_having_come_by_one_company_opens_no_door_of_another(client, required, provider, globex, scope):
    type(globex).objects.filter(pk=globex.pk).update(second_factor_roles=["manager"])
    with scope(globex.pk):
        long_ago = timezone.now() - doors.GRACE
        ben = User.objects.get(email="ben@acme.example")
        make.MemberFactory(workspace=globex, role="manager", user=ben, created_at=long_ago)
    come_back(client, provider, email="ben@acme.example")

    assert client.get(TODAY).status_code == 200
    assert client.get("/app/globex/today").url.startswith("/accounts/wanted/globex/second-factor/")


def test_when_it_worked_is_noted(client, ana, provider, acme, scope):
    come_back(client, provider)

    with scope(acme.pk):
        assert SignOn.objects.get().worked_at is not None
