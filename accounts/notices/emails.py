"""Notices as mail: text first, and the same as HTML that is readable in light and dark."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from email.utils import parseaddr

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.mail.actions import Envelope
from accounts.members.models import Member
from accounts.notices.models import Notice
from accounts.tenancy.models import Workspace


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a letter: what, how much, and where it leads."""

    label: str
    value: str
    note: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """A longer mail: paragraphs, then rows."""

    lines: Sequence[str] = ()
    rows: Sequence[Row] = field(default_factory=tuple)


def at_once(*, workspace: Workspace, notice: Notice, letter: Letter | None = None) -> Envelope:
    """The mail of one notice."""
    lines = letter.lines if letter else notice.text.split("\n\n")
    context = {
        "title": notice.title,
        "lines": [line for line in lines if line],
        "rows": letter.rows if letter else (),
        "url": settings.BASE_URL + notice.path,
        "call": "Open it in Goodword",
    }
    return _envelope(workspace, notice.member, notice.title, "notice", context)


def digest(*, workspace: Workspace, member: Member, notices: Sequence[Notice]) -> Envelope:
    """What was put aside for the morning, in one mail."""
    count = len(notices)
    context = {
        "title": f"{count} thing{'' if count == 1 else 's'} since yesterday",
        "notices": [{"title": one.title, "text": one.text, "url": settings.BASE_URL + one.path} for one in notices],
        "url": settings.BASE_URL + reverse("notices", args=[workspace.slug]),
        "call": "See all of them",
    }
    subject = notices[0].title if count == 1 else f"{notices[0].title}, and {count - 1} more"
    return _envelope(workspace, member, subject, "digest", context)


def _envelope(
    workspace: Workspace, member: Member, subject: str, template: str, context: dict[str, object]
) -> Envelope:
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    context |= {
        "workspace": workspace,
        "name": member.name,
        "choices_url": settings.BASE_URL + reverse("notice-choices", args=[workspace.slug]),
    }
    return Envelope(
        to_email=member.email,
        to_name=member.name,
        from_email=workspace.sender_email or address,
        from_name=f"{workspace.name} on {name or 'Goodword'}",
        subject=subject[:300],
        body_text=render_to_string(f"accounts/notices/mail/{template}.txt", context),
        body_html=render_to_string(f"accounts/notices/mail/{template}.html", context),
    )
