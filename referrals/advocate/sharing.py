"""Words ready to send, and the ways to send them. Nothing here leaves the house: the advocate sends it."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from referrals.asks import drafts, facts
from referrals.asks.drafts import Fact
from referrals.links.addresses import landing_url
from referrals.links.models import Link

# What an in-app browser of a phone still passes on.
_MOST_CHARACTERS = 1_500


@dataclass(frozen=True, slots=True)
class Channel:
    """A way to share: `href` with the words as they are now, `follows` with {words} for words being changed."""

    name: str
    href: str
    follows: str = ""


def words(link: Link, *, now: datetime) -> str:
    """The program's text with what we know filled in; a plain sentence where a fact is missing."""
    workspace, contact, program = link.workspace, link.contact, link.program
    known = {
        "contact.first_name": Fact(contact.first_name, "Contact"),
        "contact.title": Fact(contact.title, "Contact"),
        "company.name": Fact(contact.company.name if contact.company else "", "Company"),
        "workspace.name": Fact(workspace.name, "Workspace"),
        "program.peer_title": Fact(program.peer_title, "Program"),
        "program.ideal_problem": Fact(program.ideal_problem, "Program"),
        "link_url": Fact(landing_url(link), "Link"),
    }
    outcome = facts.latest_outcome(workspace=workspace, contact=contact, now=now)
    if outcome is not None:
        for name in ("summary", "metric", "baseline", "now", "period", "old_challenge"):
            known[f"outcome.{name}"] = Fact(getattr(outcome, name), "Outcome")
    draft = drafts.write(subject="", body=program.share_text, facts=known)
    if draft.problems or len(draft.body) > _MOST_CHARACTERS:
        return f"I work with {workspace.name} and would do it again. See for yourself: {landing_url(link)}"
    return draft.body


def channels(link: Link, text: str) -> list[Channel]:
    """The ways besides mail. What is posted in public carries the public face of the link."""
    posted = quote(f"{landing_url(link)}?via=post", safe="")
    return [
        Channel("WhatsApp", f"https://wa.me/?text={quote(text)}", "https://wa.me/?text={words}"),
        Channel("LinkedIn", f"https://www.linkedin.com/sharing/share-offsite/?url={posted}"),
    ]


def mail(link: Link, text: str) -> Channel:
    """A mail from their own mailbox, to whomever they choose."""
    start = f"mailto:?subject={quote(f'{link.workspace.name}, as promised')}&body="
    return Channel("Send by mail", start + quote(text), start + "{words}")
