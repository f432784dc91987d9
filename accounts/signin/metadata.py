"""A SAML provider's own description of itself."""

from dataclasses import dataclass

from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser
from requests import RequestException

from accounts.signin.errors import MetadataUnreadable
from accounts.tenancy import outgoing


@dataclass(frozen=True, slots=True)
class Provider:
    entity_id: str
    sso_url: str
    certificate: str


def fetch(url: str) -> str:
    """The document at this address. Raises MetadataUnreadable; never call it inside a transaction."""
    try:
        with outgoing.session() as session:
            answer = session.get(url)
        answer.raise_for_status()
    except RequestException as error:
        raise MetadataUnreadable(
            f"We could not read this address. {outgoing.reason(error)}", field="metadata_url"
        ) from error
    return answer.text


def read(xml: str, *, field: str) -> Provider:
    """What a sign-in needs of it: who they are, where people go, and the certificate that signs. Raises
    MetadataUnreadable, naming the field of the form."""
    try:  # the parser raises whatever it meets in a stranger's text
        idp = OneLogin_Saml2_IdPMetadataParser.parse(xml.encode()).get("idp", {})
    except Exception as error:
        raise MetadataUnreadable("This is not the metadata of an identity provider.", field=field) from error
    certificates = idp.get("x509certMulti", {}).get("signing") or [idp.get("x509cert", "")]
    found = Provider(idp.get("entityId", ""), idp.get("singleSignOnService", {}).get("url", ""), certificates[0])
    if not (found.entity_id and found.sso_url and found.certificate):
        raise MetadataUnreadable("It lacks an entity id, a sign-in address or a certificate.", field=field)
    return found
