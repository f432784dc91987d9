"""Coming in by SAML: answers signed with a certificate made here, and answers that must not pass."""

import base64
import datetime
import uuid
import zlib
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from django.test import Client
from lxml import etree
from onelogin.saml2.utils import OneLogin_Saml2_Utils

from tests.accounts.signin.conftest import TODAY, ways
from tests.factories import accounts as make
from tests.factories.accounts import NOW

IDP, SSO_URL = "https://id.acme.example/saml", "https://id.acme.example/saml/sign-in"
EMAIL_CLAIM = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress"
SIGNED_WITH = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
DIGEST = "http://www.w3.org/2001/04/xmlenc#sha256"


def pair():
    """A key and its certificate, both PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "id.acme.example")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=30))
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private.decode(), certificate.public_bytes(serialization.Encoding.PEM).decode()


KEY, CERTIFICATE = pair()
STRANGERS_KEY, STRANGERS_CERTIFICATE = pair()


@pytest.fixture
def client():
    """With a Host header, from which our own address is told."""
    return Client(headers={"host": "testserver"})


@pytest.fixture
def acs(acme, scope):
    """Where answers of Acme's provider go."""
    with scope(acme.pk):
        sign_on = make.SignOnFactory(
            workspace=acme,
            kind="saml",
            issuer="",
            client_id="",
            entity_id=IDP,
            sso_url=SSO_URL,
            certificate=CERTIFICATE,
        )
        make.SignOnDomainFactory(sign_on=sign_on, proven_at=NOW)
    return f"http://testserver/accounts/saml/{acme.public_id}/acs/"


def asked(client):
    """The id of the question our server sends along."""
    client.post("/accounts/sso/", {"email": "ana@acme.example", "next": TODAY})
    address = urlsplit(client.get("/accounts/sso/go/")["Location"])
    assert f"{address.scheme}://{address.netloc}{address.path}" == SSO_URL
    request = etree.fromstring(
        zlib.decompress(base64.b64decode(parse_qs(address.query)["SAMLRequest"][0]), -15)  # raw deflate
    )
    return request.get("ID")


def answer_to(question, acs, *, email="ana@acme.example", key=KEY, certificate=CERTIFICATE, audience=None, minutes=5):
    """A SAML response with a signed assertion, base64 as browsers send it."""
    now = datetime.datetime.now(datetime.UTC)

    def at(offset):
        return (now + datetime.timedelta(minutes=offset)).strftime("%Y-%m-%dT%H:%M:%SZ")

    in_response_to = f'InResponseTo="{question}"' if question else ""
    assertion = f"""<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"
 ID="_{uuid.uuid4().hex}" Version="2.0" IssueInstant="{at(0)}"><saml:Issuer>{IDP}</saml:Issuer><saml:Subject>
<saml:NameID Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress">{email}</saml:NameID>
<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData
 NotOnOrAfter="{at(minutes)}" Recipient="{acs}" {in_response_to}/></saml:SubjectConfirmation></saml:Subject>
<saml:Conditions NotBefore="{at(minutes - 10)}" NotOnOrAfter="{at(minutes)}"><saml:AudienceRestriction>
<saml:Audience>{audience or acs.replace("/acs/", "/metadata/")}</saml:Audience></saml:AudienceRestriction>
</saml:Conditions>
<saml:AuthnStatement AuthnInstant="{at(0)}"><saml:AuthnContext><saml:AuthnContextClassRef>
urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>
<saml:AttributeStatement><saml:Attribute Name="{EMAIL_CLAIM}"><saml:AttributeValue>{email}</saml:AttributeValue>
</saml:Attribute></saml:AttributeStatement></saml:Assertion>"""
    if key:
        assertion = OneLogin_Saml2_Utils.add_sign(assertion, key, certificate, False, SIGNED_WITH, DIGEST).decode()
    assertion = assertion.partition("?>")[2] if assertion.startswith("<?xml") else assertion
    response = f"""<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"
 ID="_{uuid.uuid4().hex}" Version="2.0" IssueInstant="{at(0)}" Destination="{acs}" {in_response_to}>
<saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">{IDP}</saml:Issuer><samlp:Status>
<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>{assertion}</samlp:Response>"""
    return base64.b64encode(response.encode()).decode()


def deliver(client, acs, answer):
    return client.post(acs.removeprefix("http://testserver"), {"SAMLResponse": answer}, follow=True)


def test_a_member_comes_in_with_a_signed_answer(client, ana, acs):
    answer = deliver(client, acs, answer_to(asked(client), acs))

    assert (ways(answer)[-1], answer.status_code) == (TODAY, 200)


@pytest.mark.parametrize(
    "forgery",
    [
        {"key": STRANGERS_KEY, "certificate": STRANGERS_CERTIFICATE},
        {"key": None},
        {"audience": "https://somebody.else.example/metadata"},
        {"minutes": -30},
    ],
    ids=["a stranger's signature", "no signature", "for somebody else", "too old"],
)
def test_an_answer_that_is_not_right_opens_nothing(client, ana, acs, forgery):
    answer = deliver(client, acs, answer_to(asked(client), acs, **forgery))

    assert answer.status_code == 401
    assert "did not answer as it should" in answer.content.decode()
    assert client.get(TODAY).status_code == 302


def test_words_changed_after_signing_are_noticed(client, ana, acs):
    right = base64.b64decode(answer_to(asked(client), acs, email="kim@acme.example")).decode()
    changed = right.replace("kim@acme.example", "ana@acme.example")

    answer = deliver(client, acs, base64.b64encode(changed.encode()).decode())

    assert (answer.status_code, client.get(TODAY).status_code) == (401, 302)


def test_an_answer_nobody_asked_for_is_refused_and_each_counts_once(client, ana, acs):
    unasked = deliver(client, acs, answer_to("", acs))
    question = asked(client)
    first = answer_to(question, acs)
    deliver(client, acs, first)
    client.post("/accounts/logout/")
    again = deliver(client, acs, first)

    assert (unasked.status_code, again.status_code) == (401, 403)
    assert client.get(TODAY).status_code == 302


def test_an_address_outside_its_domains_is_never_believed(client, ana, acs, globex, scope):
    with scope(globex.pk):
        make.MemberFactory(workspace=globex, user__email="victim@globex.example")

    answer = deliver(client, acs, answer_to(asked(client), acs, email="victim@globex.example"))

    assert (answer.status_code, "_auth_user_id" in client.session) == (403, False)


def test_our_metadata_names_the_address_for_answers(client, acme, acs):
    answer = client.get(acs.replace("/acs/", "/metadata/").removeprefix("http://testserver"))

    assert acs in answer.content.decode()
    assert "SingleLogoutService" not in answer.content.decode()
    assert client.get("/accounts/saml/wsp_00000000000000000000000000/metadata/").status_code == 404


def test_an_endless_answer_is_not_kept(client, acs):
    address = acs.removeprefix("http://testserver")

    assert client.post(address, {"SAMLResponse": "A" * 300_000}).status_code == 413
    assert client.get(address).status_code == 405
