"""Settings -> Sign-in: what an owner or admin decides, and what nobody may decide for another company."""

import base64

import dns.resolver
import pytest

from accounts.signin import actions, metadata
from accounts.signin.errors import DomainNotProven, MetadataUnreadable
from accounts.signin.models import SignOn
from accounts.tenancy import secrets
from accounts.tenancy.actor import SYSTEM
from tests.accounts.signin.conftest import sign_in, user_of
from tests.accounts.signin.test_saml import CERTIFICATE, IDP, SSO_URL
from tests.factories import accounts as make
from tests.factories.accounts import NOW

SIGN_IN = "/app/acme/settings/sign-in"
COMPANY = f"{SIGN_IN}/company"
OIDC = {
    "name": "Acme account",
    "issuer": "https://id.acme.example/",
    "client_id": "goodword",
    "client_secret": "s3cret",
}
DESCRIPTION = f"""<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata"
 xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="{IDP}">
<md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><md:KeyDescriptor use="signing">
<ds:KeyInfo><ds:X509Data><ds:X509Certificate>{CERTIFICATE.split("-----")[2].strip()}</ds:X509Certificate></ds:X509Data>
</ds:KeyInfo></md:KeyDescriptor><md:SingleSignOnService Location="{SSO_URL}"
 Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"/></md:IDPSSODescriptor></md:EntityDescriptor>"""


@pytest.fixture
def as_ana(client, ana):
    sign_in(client)
    return client


@pytest.fixture
def sign_on(in_acme):
    return make.SignOnFactory(workspace=in_acme)


@pytest.fixture
def domain(in_acme, sign_on):
    return actions.add_domain(workspace=in_acme, domain="@Acme.Example.", by=SYSTEM, now=NOW)


@pytest.fixture
def dns_says(monkeypatch):
    """The world's DNS, as far as this test is concerned."""
    zone = {}

    class Record:
        def __init__(self, text):
            self.strings = [text.encode()]

    def resolve(name, kind, **_options):
        if name not in zone:
            raise dns.resolver.NXDOMAIN
        return [Record(text) for text in zone[name]]

    monkeypatch.setattr(dns.resolver, "resolve", resolve)
    return zone


def test_a_provider_is_kept_with_its_secret_sealed(as_ana, in_acme):
    answer = as_ana.post(COMPANY, OIDC)

    assert answer.url == SIGN_IN
    sign_on = in_acme.sign_ons.get()
    assert (sign_on.kind, sign_on.issuer, sign_on.client_id) == ("oidc", "https://id.acme.example", "goodword")
    assert b"s3cret" not in bytes(sign_on.client_secret)
    assert secrets.decrypt(sign_on.client_secret) == "s3cret"
    page = as_ana.get(COMPANY).content.decode()
    assert "s3cret" not in page
    assert f"/accounts/oidc/{in_acme.public_id}/login/callback/" in page


def test_an_empty_secret_keeps_the_one_we_have(as_ana, in_acme, sign_on):
    as_ana.post(COMPANY, {**OIDC, "name": "Okta", "client_secret": ""})

    stored = in_acme.sign_ons.get()
    assert (stored.name, secrets.decrypt(stored.client_secret)) == ("Okta", "a shared secret")


def test_changed_settings_must_work_again_before_they_are_required(in_acme, sign_on, domain):
    SignOn.objects.update(worked_at=NOW)
    type(in_acme).objects.filter(pk=in_acme.pk).update(sign_on_required=True)

    actions.set_sign_on(workspace=in_acme, fields={"issuer": "https://evil.test"}, by=SYSTEM, now=NOW)

    in_acme.refresh_from_db()
    assert (in_acme.sign_on_required, in_acme.sign_ons.get().worked_at) == (False, None)


def test_what_is_missing_is_said_beside_each_field(as_ana, in_acme):
    oidc = as_ana.post(COMPANY, {"kind": "oidc", "name": "Okta", "issuer": "not an address", "client_id": ""})
    saml = as_ana.post(COMPANY, {"kind": "saml", "name": "Okta", "certificate": "nonsense"})

    assert (oidc.status_code, set(oidc.context["form"].errors)) == (422, {"issuer", "client_id", "client_secret"})
    assert (saml.status_code, set(saml.context["form"].errors)) == (422, {"entity_id", "sso_url", "certificate"})
    assert in_acme.sign_ons.count() == 0


def test_saml_by_hand_takes_a_certificate_as_people_paste_it(as_ana, in_acme):
    bare = CERTIFICATE.split("-----")[2].replace("\n", "")
    as_ana.post(COMPANY, {"kind": "saml", "name": "ADFS", "entity_id": IDP, "sso_url": SSO_URL, "certificate": bare})

    assert in_acme.sign_ons.get().certificate.split() == CERTIFICATE.split()


def test_saml_by_the_address_of_its_metadata(as_ana, in_acme, monkeypatch):
    monkeypatch.setattr(metadata, "fetch", lambda url: DESCRIPTION)

    as_ana.post(COMPANY, {"kind": "saml", "name": "ADFS", "metadata_url": "https://id.acme.example/metadata"})

    stored = in_acme.sign_ons.get()
    assert (stored.kind, stored.entity_id, stored.sso_url) == ("saml", IDP, SSO_URL)
    assert base64.b64decode(stored.certificate)


@pytest.mark.parametrize("url", ["https://169.254.169.254/latest", "https://127.0.0.1/x", "file:///etc/passwd"])
def test_metadata_is_never_read_from_inside_our_walls(as_ana, acme, scope, url):
    answer = as_ana.post(COMPANY, {"kind": "saml", "name": "ADFS", "metadata_url": url})

    assert (answer.status_code, next(iter(answer.context["form"].errors))) == (422, "metadata_url")
    with scope(acme.pk):
        assert acme.sign_ons.count() == 0


@pytest.mark.parametrize("text", ["", "<html></html>", "<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>", "\x00"])
def test_a_text_that_is_no_metadata_is_refused_in_words(text):
    with pytest.raises(MetadataUnreadable):
        metadata.read(text, field="metadata_url")


# --- domains


def test_a_domain_counts_from_the_moment_its_record_is_seen(as_ana, acme, scope, dns_says):
    with scope(acme.pk):
        make.SignOnFactory(workspace=acme)
        domain = actions.add_domain(workspace=acme, domain="acme.example", by=SYSTEM, now=NOW)
    prove = f"{SIGN_IN}/domains/{domain.public_id}/prove"
    as_ana.post(prove)
    with scope(acme.pk):
        before = acme.sign_on_domains.get().proven_at
    dns_says["acme.example."] = ["v=spf1 -all", domain.record]
    as_ana.post(prove)

    assert before is None
    with scope(acme.pk):
        assert acme.sign_on_domains.get().proven_at is not None
        assert acme.events.filter(type="sign_on.domain_proven").count() == 1


def test_the_record_of_another_workspace_proves_nothing(in_acme, domain, globex, scope):
    with scope(globex.pk):
        make.SignOnFactory(workspace=globex)
        theirs = actions.add_domain(workspace=globex, domain="acme.example", by=SYSTEM, now=NOW)

    with pytest.raises(DomainNotProven):
        actions.prove_domain(workspace=in_acme, domain=domain, records=[theirs.record], by=SYSTEM, now=NOW)


def test_a_domain_belongs_to_one_workspace(in_acme, domain, globex, scope):
    actions.prove_domain(workspace=in_acme, domain=domain, records=[domain.record], by=SYSTEM, now=NOW)

    with scope(globex.pk):
        make.SignOnFactory(workspace=globex)
        theirs = actions.add_domain(workspace=globex, domain="acme.example", by=SYSTEM, now=NOW)
        with pytest.raises(DomainNotProven, match="Another workspace"):
            actions.prove_domain(workspace=globex, domain=theirs, records=[theirs.record], by=SYSTEM, now=NOW)


@pytest.mark.parametrize(
    "text", ["acme", "https://acme.example", "ana@acme.example", "acme..example", "-a.example", ""]
)
def test_what_is_no_domain_is_refused_beside_its_field(as_ana, in_acme, sign_on, text):
    answer = as_ana.post(f"{SIGN_IN}/domains", {"domain": text})

    assert answer.status_code == 422
    assert in_acme.sign_on_domains.count() == 0


# --- rules


def test_rules_are_kept_and_written_down(as_ana, in_acme):
    as_ana.post(SIGN_IN, {"second_factor_roles": ["finance"], "team_only_figures": "on"})

    in_acme.refresh_from_db()
    assert (in_acme.second_factor_roles, in_acme.team_only_figures) == (["finance"], True)
    assert in_acme.events.get(type="workspace.changed").data == {
        "fields": ["second_factor_roles", "team_only_figures"],
        "changes": {"second_factor_roles": [[], ["finance"]], "team_only_figures": [False, True]},
    }


def test_single_sign_on_is_required_only_when_somebody_came_by_it(as_ana, in_acme, domain):
    early = as_ana.post(SIGN_IN, {"sign_on_required": "on"})
    in_acme.sign_on_domains.update(proven_at=NOW)
    in_acme.sign_ons.update(worked_at=NOW)
    ready = as_ana.post(SIGN_IN, {"sign_on_required": "on"})

    assert (early.status_code, "locked out" in early.context["form"].errors["sign_on_required"][0]) == (422, True)
    assert ready.status_code == 302
    in_acme.refresh_from_db()
    assert in_acme.sign_on_required is True


def test_turning_it_off_lets_everybody_in_by_password_again(as_ana, in_acme, domain):
    type(in_acme).objects.filter(pk=in_acme.pk).update(sign_on_required=True)

    as_ana.post(f"{COMPANY}/remove")

    in_acme.refresh_from_db()
    assert (in_acme.sign_on_required, in_acme.sign_ons.count(), in_acme.sign_on_domains.count()) == (False, 0, 0)


def test_trying_leads_away_and_back_to_this_page(as_ana, in_acme, sign_on):
    answer = as_ana.post(f"{COMPANY}/try")

    assert answer.url == "/accounts/sso/leaving/"
    assert as_ana.session["leaving"] == {"id": in_acme.public_id, "name": "Acme account", "then": SIGN_IN}


def test_the_provider_is_changed_only_after_a_fresh_sign_in(client, ana, in_acme):
    client.force_login(user_of(ana))

    asked = client.post(COMPANY, OIDC)
    kept = in_acme.sign_ons.count()
    client.post(asked.url, {"password": "correct horse battery"})

    assert (asked.url.split("?")[0], kept) == ("/accounts/reauthenticate/", 0)
    assert in_acme.sign_ons.get().name == "Acme account"
