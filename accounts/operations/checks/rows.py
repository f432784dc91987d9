"""Mail that does not move."""

from collections.abc import Iterator

from accounts.mail.models import Message
from accounts.operations import queries
from accounts.operations.findings import Finding, ok, warning, wrong
from accounts.operations.queries import MailFigure
from accounts.operations.spans import count, span

_LATE_S = 300
# Nothing holds these back on purpose for long.
_PROMPT = (Message.Kind.ASK, "account")
_LOOK = "See what is said of the mail server, of the workers and of the beat."
# The next tick settles a lease that has run out.
_STUCK_S = 60


def check() -> Iterator[Finding]:
    figures = queries.mail_figures()
    troubles = [finding for one in figures for finding in _late(one)]
    for name, say in (("unconfirmed", _unconfirmed), ("failed_today", _failed)):
        number = sum(one.messages for one in figures if one.figure == name)
        if number:
            troubles.append(say(number))
    yield from troubles or [ok("All mail that is due has left.")]


def _late(one: MailFigure) -> Iterator[Finding]:
    if one.figure == "due" and one.oldest_s > _LATE_S:
        mails = f"{count(one.messages, 'mail')} of the kind {one.kind}"
        says = f"{mails} should have left; the oldest waits {span(one.oldest_s)}."
        yield (
            wrong(says, _LOOK) if one.kind in _PROMPT else warning(says, f"A pace may hold them back. If not: {_LOOK}")
        )
    if one.figure == "stuck" and one.oldest_s > _STUCK_S:
        yield wrong(
            f"{count(one.messages, 'mail')} are being sent by a worker that is gone, for {span(one.oldest_s)}.",
            "They settle as soon as somebody looks for due mail: see that the beat and a worker run.",
        )


def _unconfirmed(number: int) -> Finding:
    return warning(
        f"{count(number, 'mail')} may or may not have arrived: the answer of the mail server was lost.",
        "Their workspaces see them and decide; they are never sent again by themselves.",
    )


def _failed(number: int) -> Finding:
    return warning(
        f"{count(number, 'mail')} of the last day failed for good.",
        "Their workspaces see the words of the mail server. Many at once: look at SPF, DKIM and the provider's limits.",
    )
