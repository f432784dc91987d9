"""What became of every mail, by the mail server's log; our own tables are only heard as a witness.

duplicate     one ask (or one Message-ID) accepted more than once
lost          should have been accepted, was not, and nothing says so: no refusal, no "unconfirmed", not late on the
              desk, not waiting for its next try
suppressed    accepted although the person had unsubscribed before, or more than ALLOWANCE_S ago
untrue        our tables say something that did not happen: sent and never accepted, accepted and called unsent
stuck         still "sending" after its lease, or due and not taken up
at_odds       an ask that does not agree with its mail
expired       accepted more than ALLOWANCE_S after its time was over
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.faults.people import Posted
from tests.faults.sink import Taken

# Between the last look at who has unsubscribed and the mail server's decision: one batch on its way, on a machine that
# is short of time. A mail that is leaving cannot be called back.
ALLOWANCE_S = 10.0
_AGREES = {
    "queued": {"queued", "sending"},
    "sending": {"queued", "sending"},
    "sent": {"sent", "answered"},
    "unconfirmed": {"unconfirmed", "answered"},
    "failed": {"failed", "answered"},
    "cancelled": {"skipped", "expired", "answered"},
}
_MAY_BE_CANCELLED = {
    "suppressed": ("suppressed", ""),
    "unsubscribing": ("suppressed", ""),
    "answering": ("",),
    "skipping": ("",),
    "short": ("expired",),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A Message as it is at the end, and its ask's state ("" without one). Times are seconds since the epoch."""

    state: str
    error: str
    ask_state: str
    due_at: float
    lease_until: float | None
    expires_at: float | None


@dataclass
class Verdict:
    """The findings, each as a list of sentences, and the ends by state."""

    findings: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    ends: Counter[str] = field(default_factory=Counter)
    late_unsubscribes: list[float] = field(default_factory=list)

    def count(self, name: str) -> int:
        return len(self.findings.get(name, []))

    @property
    def is_clean(self) -> bool:
        return not any(self.findings.values())


def judge(
    *,
    posted: Sequence[Posted],
    taken: Sequence[Taken],
    rows: Mapping[Any, Row],
    unsubscribed: Mapping[str, float],
    now: float,
) -> Verdict:
    """Compare the mail server's log with what was posted. `rows` by Message key, `unsubscribed` by Message-ID."""
    verdict = Verdict()
    accepted: dict[str, list[Taken]] = defaultdict(list)
    for one in taken:
        accepted[one.message_id].append(one)
    known = {one.message_id for one in posted}
    for one in taken:
        if one.message_id not in known and not _is_ours(one):
            verdict.findings["untrue"].append(f"Nobody posted {one}.")
    _twice_the_same_person(posted, accepted, verdict)
    for mail in posted:
        _one(mail, accepted[mail.message_id], rows[mail.message], unsubscribed.get(mail.message_id), now, verdict)
    return verdict


def _one(
    mail: Posted, accepted: list[Taken], row: Row, unsubscribed: float | None, now: float, verdict: Verdict
) -> None:
    name = f"{mail.role} {mail.email} {mail.message_id} {row}"
    found = verdict.findings
    verdict.ends[f"{row.state}{', accepted' if accepted else ', not accepted'}"] += 1
    if len(accepted) > 1:
        found["duplicate"].append(f"{name}: {[one.at for one in accepted]}")
    if _is_stuck(row, now):
        found["stuck"].append(name)
    elif not accepted and row.state == "sent":
        found["untrue"].append(f"{name}: called sent, never accepted")
        found["lost"].append(name)
    elif accepted and row.state in ("queued", "cancelled", "failed"):
        found["untrue"].append(f"{name}: accepted at {accepted[0].at}")
    elif not accepted and not _is_visible(mail, row):
        found["lost"].append(name)
    if row.ask_state and row.ask_state not in _AGREES[row.state]:
        found["at_odds"].append(name)
    if accepted:
        _when(mail, accepted[0], row, unsubscribed, verdict, name)


def _when(mail: Posted, accepted: Taken, row: Row, unsubscribed: float | None, verdict: Verdict, name: str) -> None:
    """Accepted: may it have been, at that time?"""
    if mail.role == "suppressed":
        verdict.findings["suppressed"].append(name)
    if unsubscribed is not None and accepted.at > unsubscribed:
        verdict.late_unsubscribes.append(accepted.at - unsubscribed)
        if accepted.at > unsubscribed + ALLOWANCE_S:
            verdict.findings["suppressed"].append(f"{name}: {accepted.at - unsubscribed:.1f} s after it")
    if row.expires_at is not None and accepted.at > row.expires_at + ALLOWANCE_S:
        verdict.findings["expired"].append(f"{name}: {accepted.at - row.expires_at:.1f} s after it")


def _is_stuck(row: Row, now: float) -> bool:
    if row.state == "sending":
        return True
    return row.state == "queued" and row.due_at <= now


def _is_visible(mail: Posted, row: Row) -> bool:
    """Not accepted: can somebody see why?"""
    if row.state == "cancelled":
        # Taken back by an answer or by the gate ("", the ask says why), unsubscribed, or late.
        return row.error in _MAY_BE_CANCELLED.get(mail.role, ())
    return row.state in ("unconfirmed", "queued") or (row.state == "failed" and bool(row.error))


def _twice_the_same_person(posted: Sequence[Posted], accepted: Mapping[str, list[Taken]], verdict: Verdict) -> None:
    """Each address of the run belongs to one mail, whatever Message-ID it was sent under."""
    by_address = Counter(one.recipient for found in accepted.values() for one in found)
    for mail in posted:
        if by_address[mail.email] > max(1, len(accepted.get(mail.message_id, []))):
            verdict.findings["duplicate"].append(f"{mail.email}: {by_address[mail.email]} times")


def _is_ours(taken: Taken) -> bool:
    """Notices to the team are not part of the count."""
    return taken.recipient.endswith("@acme.example")
