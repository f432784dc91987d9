"""Which tables and columns a workspace takes along: all of them, but for those named here with the reason."""

from functools import cache
from typing import Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

# Tables that stay here.
LEFT_OUT = {
    "accounts.Archive": "this very file, and those before it",
    "accounts.ArchivePiece": "the same",
    "accounts.ExportChunk": "files that were made from rows which are in here",
    "accounts.IdempotentAnswer": "answers to repeated requests, kept for a day",
    "accounts.ImportPiece": "uploaded files; what was taken from them is in here",
    "accounts.Logo": "the owner has the picture",
    "accounts.SlackCall": "buttons pressed in the last hour, by their signatures",
    "accounts.Pace": "how fast mail left in the last minute",
}
# Columns that open something, or are of use to nobody elsewhere.
SECRET = {
    "accounts.ApiKey.key_hash": "opens the API",
    "accounts.MailConnection.sealed_url": "opens the mail server",
    "accounts.SlackConnection.hook_nonce": "opens the address for Slack",
    "accounts.MailConnection.hook_nonce": "opens the address for bounces",
    "accounts.SlackConnection.sealed_token": "opens Slack",
    "accounts.SlackConnection.sealed_signing_secret": "proves what comes from Slack",
    "accounts.MemberInvitation.nonce": "opens the workspace",
    "accounts.SignOnDomain.nonce": "proves the domain",
    "accounts.SignOn.client_secret": "opens the company's sign-on",
    "accounts.Contact.preferences_nonce": "signs the person's own link",
    "referrals.Link.nonce": "signs the advocate's own link",
    "referrals.Referral.preferences_nonce": "signs the person's own link",
    "feedback.Invitation.nonce": "signs the survey link",
}


@cache
def tables() -> dict[str, Any]:
    """{label: model} of everything that is taken along, by label."""
    found = {
        model._meta.label: model
        for model in apps.get_models()
        if any(field.name == "workspace" for field in model._meta.fields) and model._meta.label not in LEFT_OUT
    }
    return dict(sorted(found.items()))


@cache
def columns(label: str) -> list[Any]:
    """The fields of a table that are taken along, the key first."""
    model = tables()[label]
    fields = [field for field in model._meta.concrete_fields if f"{label}.{field.name}" not in SECRET]
    return [field for field in fields if field.name != "workspace" and not isinstance(field, models.BinaryField)]


def file_name(label: str) -> str:
    """ "accounts.Contact" is in "accounts/contact.csv"."""
    app, _, name = label.partition(".")
    return f"{app}/{name.lower()}.csv"


def written(value: Any) -> str:
    """One value as it stands in the file: times in UTC, lists and objects as JSON."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (dict, list)):
        return DjangoJSONEncoder(ensure_ascii=False).encode(value)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
