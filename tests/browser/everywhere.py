"""Every address that shows a page, and how somebody comes there. tests/guards/test_looked_at.py misses none.

Pages of a workspace are found by themselves: whatever answers to GET below /app/<workspace>/ is opened.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.mail.preferences import preferences_url
from accounts.settings.emails import invitation_url
from feedback.invitations.actions import survey_url
from referrals.links.addresses import advocate_url, landing_url
from tests.guards.test_pages import ROWS, ROWS_OF_PAGES, pages, parameters

API = "api/v1/"

# What answers to GET and is no page. Each with its reason.
NO_PAGES = {
    "export-download": "a file",
    "import-template": "a file",
    "import-refused": "a file",
    "advocate-qr": "a picture",
    "brand-css": "a stylesheet",
    "mfa_download_recovery_codes": "a file",
    "saml_metadata": "XML for a machine",
    "mfa_login_webauthn": "JSON for the passkey button",
    "healthz": "JSON for a machine",
    "readyz": "JSON for a machine",
    "metrics": "numbers for Prometheus",
    "mail-hook": "answers machines of a mail provider",
    "inbound-hook": "answers machines of a mail provider",
    "slack-hook": "answers Slack",
    "logo": "a picture",
    "jump": "a piece of the palette, which is looked at open",
    "import-progress": "a piece of import-show",
    "settings-mail-test": "a piece of settings-mail",
    "settings-slack-test": "a piece of settings-slack",
    "notice-bell": "a piece of every page",
    "practice-so-far": "a piece of practice",
    "demo-progress": "a piece of settings-demo",
    "settings-brand-readings": "a piece of settings-brand",
    "front": "leads to Today",
    "settings": "leads to the first page of the settings",
    "home": "the same page as across",
    "account_email": "leads to one's own sign-in",
    "account_signup": "leads to the sign-in",
    "socialaccount_connections": "leads to one's own sign-in",
    "go-on": "leads to the page one wanted",
    "sign-on-leaving": "leads away at once",
    "sign-on-go": "leads to the provider",
    "openid_connect_callback": "the way back from the provider; a refusal is socialaccount_login_cancelled",
    "saml_acs": "the way back from the provider, a POST",
    "saml_sls": "leads to the sign-in",
    "account_set_password": "leads to account_change_password for everybody who has one",
}
_DEEDS = ["ask-send", "ask-undo", "ask-skip", "ask-called", "ask-answer", "ask-confirm", "referral-contacted"]
_DEEDS += ["thank-you-send", "thank-you-said", "thank-you-skip", "reward-approve"]
NO_PAGES |= {f"today-{deed}": "shows its row on the desk, as the page of the row does" for deed in _DEEDS}


@dataclass(frozen=True)
class Told:
    """What there is to look at: a row of each kind by its name, and Marlow's own rows of the demo."""

    slug: str
    rows: dict[str, Any]


Address = Callable[[Told], str]


def _path(url: str) -> str:
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _of_contact(told: Told) -> str:
    contact = told.rows["contact"]
    return _path(
        preferences_url(
            kind="contact", workspace_id=contact.workspace_id, object_id=contact.pk, nonce=contact.preferences_nonce
        )
    )


# Pages for people without a login.
PUBLIC: dict[str, Address] = {
    "survey-score": lambda told: _path(survey_url(told.rows["invited"])),
    "survey-more": lambda told: _path(survey_url(told.rows["invited"])) + "/more",
    "survey-thanks": lambda told: _path(survey_url(told.rows["invited"])) + "/thanks",
    "landing": lambda told: _path(landing_url(told.rows["link"])),
    "landing-thanks": lambda told: told.rows["landing-thanks"],
    "advocate": lambda told: _path(advocate_url(told.rows["link"])),
    "advocate-preview": lambda told: _path(advocate_url(told.rows["link"])) + "/preview",
    "member-invitation": lambda told: _path(invitation_url(told.rows["invitation"])),
    "preferences": _of_contact,
    "mailbox": lambda told: reverse("mailbox"),
    "mailbox-mail": lambda told: reverse("mailbox-mail", args=[told.rows["mail"]]),
    "components": lambda told: reverse("components"),
}
# Where a link does not work: what it says instead, and its status.
DEAD_ENDS = {
    "/s/nothing": 404,
    "/r/nothing": 404,
    "/a/nothing": 404,
    "/p/nothing": 404,
    "/invitation/nothing": 410,
    "/nothing/": 404,
}
# Before one is signed in.
OUTSIDE = ["account_login", "account_request_login_code", "account_reset_password", "account_reset_password_done"]
OUTSIDE += ["account_reset_password_from_key_done", "sign-on", "account_inactive", "account_email_verification_sent"]
OUTSIDE += ["socialaccount_login_cancelled"]
# What belongs to oneself, whatever the workspace.
OWN = ["across", "workspace-new", "account_change_password", "account_logout", "account_reauthenticate", "mfa_index"]
OWN += ["mfa_activate_totp", "mfa_add_webauthn", "usersessions_list"]
# The same once one has an app, a passkey and recovery codes.
GUARDED = ["mfa_list_webauthn", "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes"]
GUARDED += ["mfa_reauthenticate", "mfa_reauthenticate_webauthn"]
# Reached step by step, by the test of the ways in.
ON_THE_WAY = ["account_confirm_login_code", "account_confirm_email", "account_reset_password_from_key"]
ON_THE_WAY += ["mfa_authenticate", "mfa_edit_webauthn", "mfa_remove_webauthn"]
ON_THE_WAY += ["second-factor-wanted", "sign-on-wanted"]
# The document of the API is Swagger's own page; we answer for the frame only.
FOREIGN = {"api-docs": "Swagger's page, not made of our pieces", "api-schema": "YAML for a machine"}


def inside(told: Told) -> Iterator[tuple[str, str]]:
    """Name and address of every page of the workspace."""
    for entry in pages():
        if reads(entry) and entry.name not in NO_PAGES:
            rows = [ROWS_OF_PAGES.get((entry.name, name), ROWS.get(name)) for name in parameters(entry)]
            yield entry.name, reverse(entry.name, args=[told.slug, *(row(told.rows) for row in rows)])


def reads(entry: URLPattern) -> bool:
    """True where GET is answered. A view that is a function answers to it unless it says otherwise."""
    view = getattr(entry.callback, "view_class", None)
    return view is None or hasattr(view, "get")


def named_routes() -> Iterator[str]:
    """The name of every address that answers to GET, but those of the REST API."""
    yield from _named(get_resolver())


def _named(resolver: URLResolver, before: str = "") -> Iterator[str]:
    for entry in resolver.url_patterns:
        address = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _named(entry, address)
        elif entry.name and reads(entry) and (not address.startswith(API) or entry.name in FOREIGN):
            yield entry.name
