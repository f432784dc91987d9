"""Telling members what happened, each once, the ways they chose. Rows only: mail and Slack leave after the commit."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from accounts.events import actions as events
from accounts.mail import actions as mail
from accounts.mail.models import Message
from accounts.members.models import Member
from accounts.notices import emails, quiet
from accounts.notices.kinds import KINDS, channels
from accounts.notices.models import Channel, Kind, Notice, NoticeChoices
from accounts.slack import actions as slack
from accounts.slack import cards
from accounts.tenancy.actor import Actor
from accounts.tenancy.models import Workspace

_KEPT_READ, _KEPT_UNREAD = timedelta(days=90), timedelta(days=180)


@dataclass(frozen=True, slots=True)
class News:
    """What happened. `key` is written once per member; `subject` is its record, "ask:<uuid>"; `path` leads there.

    After `expires_at` it is told here only. `letter` is what the mail says where that is more than `text`.
    """

    kind: Kind
    key: str
    title: str
    path: str
    text: str = ""
    subject: str = ""
    expires_at: datetime | None = None
    letter: emails.Letter | None = None


def tell(*, workspace: Workspace, members: Collection[Member], news: News, now: datetime) -> list[Notice]:
    """Tell these members one thing; gives the notices that are new."""
    return tell_all(workspace=workspace, told=[(member, news) for member in members], now=now)


@transaction.atomic
def tell_all(*, workspace: Workspace, told: Sequence[tuple[Member, News]], now: datetime) -> list[Notice]:
    """Tell each member their news; what they were told before is not told again. Gives the notices that are new."""
    choices = choices_of(workspace, {member.pk for member, _news in told})
    rows = []
    for member, news in told:
        ways = channels(news.kind, role=member.role, chosen=choices[member.pk].chosen) if member.is_active else []
        if ways:
            rows.append((_notice(workspace, member, news, ways), news))
    if not rows:
        return []
    # Of two that tell the same at once the second waits here, and finds it told.
    Notice.objects.bulk_create([notice for notice, _news in rows], ignore_conflicts=True)
    new = set(workspace.notices.filter(pk__in=[notice.pk for notice, _news in rows]).values_list("pk", flat=True))
    _deliver(workspace, [(notice, news) for notice, news in rows if notice.pk in new], choices, now)
    return [notice for notice, _news in rows if notice.pk in new]


@transaction.atomic
def mark_read(*, workspace: Workspace, member: Member, notices: Collection[Notice] | None, now: datetime) -> int:
    """These notices of the member are read, or all (None); what has not left yet stays here. Gives how many."""
    unread = workspace.notices.filter(member=member, read_at=None)
    if notices is not None:
        unread = unread.filter(pk__in=[notice.pk for notice in notices])
    return _settle(workspace, list(unread.values_list("pk", flat=True)), now)


def mark_unread(*, notice: Notice) -> None:
    """It is to be looked at once more. No mail goes out again."""
    notice.workspace.notices.filter(pk=notice.pk).update(read_at=None)


@transaction.atomic
def put_away(*, workspace: Workspace, subjects: Collection[str], now: datetime) -> int:
    """These records are done with: nobody need hear of them any more. Gives how many notices were put away."""
    unread = workspace.notices.filter(subject__in=list(subjects), read_at=None)
    return _settle(workspace, list(unread.values_list("pk", flat=True)), now)


@transaction.atomic
def choose(
    *, workspace: Workspace, member: Member, chosen: Mapping[str, Sequence[str]], quiet: bool, by: Actor, now: datetime
) -> NoticeChoices:
    """Keep how a member wants to be told; `chosen` has every kind. The event names the kinds that changed."""
    Member.objects.select_for_update(no_key=True).get(pk=member.pk, workspace=workspace)
    row = workspace.notice_choices.filter(member=member).first() or NoticeChoices(workspace=workspace, member=member)
    asked = {kind: channels(kind, role=member.role, chosen={kind: chosen.get(kind, ())}) for kind in KINDS}
    before = {kind: channels(kind, role=member.role, chosen=row.chosen) for kind in KINDS}
    changed = sorted(kind.value for kind in KINDS if asked[kind] != before[kind])
    if not changed and row.quiet == quiet:
        return row
    row.chosen |= {kind: asked[Kind(kind)] for kind in changed}
    row.quiet = quiet
    row.save()
    data = {"kinds": changed, "quiet": quiet}
    events.record(workspace_id=workspace.pk, type="member.notices_chosen", subject=member, by=by, now=now, data=data)
    return row


def forget_old(*, workspace: Workspace, now: datetime) -> int:
    """Delete what was read a quarter of a year ago, and what nobody read in half a year; how many.

    Whoever tells something looks back for days only, so nothing is told twice for it.
    """
    read, unread = Q(read_at__lt=now - _KEPT_READ), Q(created_at__lt=now - _KEPT_UNREAD)
    return workspace.notices.filter(read | unread).delete()[0]


def choices_of(workspace: Workspace, member_ids: Collection[UUID]) -> dict[UUID, NoticeChoices]:
    """What these members chose; the defaults for those who never did. One statement."""
    known = {row.member_id: row for row in workspace.notice_choices.filter(member_id__in=member_ids)}
    return {pk: known.get(pk) or NoticeChoices(workspace=workspace, member_id=pk) for pk in member_ids}


def _notice(workspace: Workspace, member: Member, news: News, ways: list[str]) -> Notice:
    return Notice(
        workspace=workspace,
        member=member,
        kind=news.kind,
        key=news.key,
        subject=news.subject,
        title=" ".join(news.title.split())[:300],
        text=news.text.strip(),
        path=news.path,
        channels=ways,
    )


def _deliver(
    workspace: Workspace, rows: list[tuple[Notice, News]], choices: dict[UUID, NoticeChoices], now: datetime
) -> None:
    in_slack = [notice for notice, _news in rows if Channel.SLACK in notice.channels]
    has_slack = bool(in_slack) and workspace.slack_connections.exists()
    made = _cards(workspace, in_slack, now) if has_slack else {}
    for notice, news in rows:
        due_at = now
        if choices[notice.member_id].quiet and not KINDS[news.kind].clock:
            notice.member.workspace = workspace
            due_at = quiet.next_at_work(notice.member, now)
        if Channel.MAIL in notice.channels:
            _mail(workspace, notice, news, due_at)
        if notice.pk in made:
            slack.queue(
                workspace=workspace,
                key=f"notice:{notice.pk}",
                member=notice.member,
                card=made[notice.pk],
                subject=notice.subject,
                due_at=due_at,
                expires_at=news.expires_at or due_at + slack.LASTS,
            )


def _mail(workspace: Workspace, notice: Notice, news: News, due_at: datetime) -> None:
    mail.queue(
        workspace=workspace,
        kind=Message.Kind.NOTICE,
        key=f"notice:{notice.pk}",
        envelope=emails.at_once(workspace=workspace, notice=notice, letter=news.letter),
        due_at=due_at,
        expires_at=news.expires_at,
    )


def _cards(workspace: Workspace, notices: Sequence[Notice], now: datetime) -> dict[UUID, cards.Card]:
    """How these notices look in Slack: as their record does there, else words and a link."""
    made: dict[UUID, cards.Card] = {}
    for member, kind in {(notice.member, notice.subject.partition(":")[0]) for notice in notices}:
        ours = [one for one in notices if one.member_id == member.pk and one.subject.partition(":")[0] == kind]
        keys = {UUID(one.subject.partition(":")[2]): one for one in ours if one.subject}
        found = cards.made(workspace=workspace, member=member, kind=kind, keys=list(keys), now=now)
        for one in ours:
            card = found.get(UUID(one.subject.partition(":")[2])) if one.subject else None
            # What was missed or is over has no buttons: its own words say so.
            if card is None or not card.open:
                card = cards.plain(title=one.title, text=one.text, url=settings.BASE_URL + one.path)
            made[one.pk] = card
    return made


def _settle(workspace: Workspace, pks: list[UUID], now: datetime) -> int:
    if not pks:
        return 0
    keys = [f"notice:{pk}" for pk in pks]
    waiting = workspace.messages.filter(key__in=keys, state=Message.State.QUEUED)
    for message_id in list(waiting.values_list("pk", flat=True)):
        mail.cancel(workspace=workspace, message_id=message_id)
    slack.take_back(workspace=workspace, keys=keys)
    return workspace.notices.filter(pk__in=pks).update(read_at=now)
