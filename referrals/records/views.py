"""Records: a header of facts, what led to what, one timeline, and what can be done. Only here everybody can be seen."""

from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import Q
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from accounts.customers.experts import EXPERT_FROM
from accounts.customers.forms import HoldForm, OutcomeForm
from accounts.members.lists import page_of
from accounts.members.permissions import Permission
from accounts.members.views import WorkspaceView
from accounts.tenancy.errors import Refusal
from accounts.tenancy.lookup import find_or_404
from feedback.experts.score import named_parts
from referrals.links import actions as links
from referrals.pipeline.forms import MoveForm, moves_of
from referrals.pipeline.models import Referral
from referrals.pipeline.stages import may_move
from referrals.records import actions, chain, happenings, queries
from rewards.ledger.models import LedgerLine

EVENTS_PER_PAGE = 40
SHOWN = 10


class RecordView(WorkspaceView):
    """What every record shares: whether scores of persons may be read, and the timeline."""

    @property
    def sees_scores(self) -> bool:
        return self.can(Permission.SCORES_READ)

    def record(self, template: str, about: Q, status: int = 200, **context: Any) -> HttpResponseBase:
        """The page with its timeline; `context` holds the rest."""
        rows = queries.timeline(workspace=self.workspace, sees_scores=self.sees_scores, about=about)
        events = page_of(self.request, rows, per_page=EVENTS_PER_PAGE)
        days = happenings.days_of(workspace=self.workspace, events=events, sees_scores=self.sees_scores)
        return self.page(
            f"referrals/records/{template}.html",
            status=status,
            sees_scores=self.sees_scores,
            events=events,
            days=days,
            viewer_id=self.member.pk,
            may_note=self.can(Permission.NOTE_WRITE),
            **context,
        )


class ContactRecord(RecordView):
    """A person. POST asks them: with the gate's reasons in sight, overruled one by one."""

    write_permission: ClassVar[Permission | None] = Permission.ASK_SEND

    def get(self, request: Any, contact_id: str) -> HttpResponseBase:
        return self._show(contact_id)

    def post(self, request: Any, contact_id: str) -> HttpResponseBase:
        contact = find_or_404(self.workspace.contacts, contact_id)
        try:
            actions.ask(
                workspace=self.workspace,
                contact=contact,
                override=request.POST.getlist("override"),
                reason=request.POST.get("reason", ""),
                by=self.actor,
                now=timezone.now(),
            )
        except Refusal as refusal:
            return self._show(contact_id, status=refusal.status, ask_error=refusal)
        messages.success(request, f"A letter to {contact.name} lies on the desk. Read it before it goes.")
        return redirect("today", self.workspace.slug)

    def _show(self, contact_id: str, status: int = 200, ask_error: Refusal | None = None) -> HttpResponseBase:
        workspace, now = self.workspace, timezone.now()
        contact = find_or_404(workspace.contacts.select_related("company__owner", "merged_into", "rest"), contact_id)
        verdicts = queries.verdicts(workspace=workspace, contact=contact, now=now)
        if not self.sees_scores:
            verdicts = queries.without_low_answer(verdicts)
        return self.record(
            "contact",
            Q(contact_id=contact.pk) | queries.about("contact", contact.pk),
            status=status,
            contact=contact,
            company=contact.company,
            nps=contact.latest_scores.get("nps") if self.sees_scores else None,
            expert_from=EXPERT_FROM,
            expert_parts=named_parts(contact.expert_parts),
            verdicts=verdicts,
            ask_verdict=verdicts[0],
            ask_error=ask_error,
            name_hidden=workspace.links.filter(contact=contact, retired_at=None, name_hidden=True).exists(),
            may_ask=self.can(Permission.ASK_SEND),
            may_change=self.can(Permission.CUSTOMER_WRITE),
            knots=chain.of_contact(workspace=workspace, contact=contact, sees_scores=self.sees_scores),
            holds=queries.holds_of(workspace=workspace, now=now, contact=contact, company=contact.company),
            hold_form=HoldForm(auto_id="hold_%s"),
            outcome_form=OutcomeForm(auto_id="outcome_%s"),
            outcomes=queries.outcomes_of(workspace=workspace, contact=contact, company=contact.company),
            asks=workspace.asks.filter(contact=contact).order_by("-queued_at")[:SHOWN],
            referrals=workspace.referrals.filter(referrer=contact).order_by("-created_at")[:SHOWN],
            rewards=workspace.rewards.filter(contact=contact).order_by("-granted_at")[:SHOWN],
            thank_yous=workspace.thank_yous.filter(contact=contact).order_by("-owed_since")[:SHOWN],
        )


class ConfirmName(WorkspaceView):
    """After a low answer: somebody made sure that the person may be named on their page again."""

    permission: ClassVar[Permission] = Permission.CUSTOMER_WRITE

    def post(self, request: Any, contact_id: str) -> HttpResponseBase:
        contact = find_or_404(self.workspace.contacts, contact_id)
        links.confirm_name(workspace=self.workspace, contact=contact, by=self.actor, now=timezone.now())
        messages.success(request, f"{contact.name} is named on their page again.")
        return redirect("contact-record", self.workspace.slug, contact.public_id)


class CompanyRecord(RecordView):
    def get(self, request: Any, company_id: str) -> HttpResponseBase:
        workspace, now = self.workspace, timezone.now()
        company = find_or_404(workspace.companies.select_related("owner", "merged_into"), company_id)
        people = workspace.contacts.filter(company=company, merged_into=None)
        return self.record(
            "company",
            Q(company_id=company.pk) | queries.about("company", company.pk),
            company=company,
            domains=company.domains.order_by("domain"),
            people=people.order_by("first_name", "last_name", "pk")[: SHOWN * 2],
            people_count=people.count(),
            may_change=self.can(Permission.CUSTOMER_WRITE),
            knots=chain.of_company(workspace=workspace, company=company, sees_scores=self.sees_scores),
            holds=queries.holds_of(workspace=workspace, now=now, contact=None, company=company),
            hold_form=HoldForm(auto_id="hold_%s"),
            outcome_form=OutcomeForm(auto_id="outcome_%s"),
            outcomes=queries.outcomes_of(workspace=workspace, contact=None, company=company),
            referrals=workspace.referrals.filter(referrer__company=company).order_by("-created_at")[:SHOWN],
            rewards=workspace.rewards.filter(company=company).order_by("-granted_at")[:SHOWN],
        )


class ResponseRecord(RecordView):
    """One answer. It tells a person's score, so it takes the permission to read those."""

    permission: ClassVar[Permission] = Permission.SCORES_READ

    def get(self, request: Any, response_id: str) -> HttpResponseBase:
        rows = self.workspace.responses.select_related("contact", "company", "survey", "moment")
        response = find_or_404(rows, response_id)
        moment = getattr(response, "moment", None)
        return self.record(
            "response",
            queries.about("response", response.pk) | queries.about("moment", moment.pk if moment else None),
            response=response,
            moment=moment,
            knots=chain.of_response(workspace=self.workspace, response=response, sees_scores=True),
        )


class AskRecord(RecordView):
    """One letter, sent or not. It quotes what a person said, so it takes the permission to read that."""

    permission: ClassVar[Permission] = Permission.SCORES_READ

    def get(self, request: Any, ask_id: str) -> HttpResponseBase:
        ask = find_or_404(self.workspace.asks.select_related("contact__company", "program", "sender"), ask_id)
        return self.record(
            "ask",
            queries.about("ask", ask.pk),
            ask=ask,
            knots=chain.of_ask(workspace=self.workspace, ask=ask, sees_scores=True),
        )


class ReferralRecord(RecordView):
    def get(self, request: Any, referral_id: str) -> HttpResponseBase:
        rows = self.workspace.referrals.select_related("referrer__company", "program", "owner", "referee_contact")
        referral = find_or_404(rows, referral_id)
        return self.record(
            "referral",
            queries.about("referral", referral.pk),
            referral=referral,
            form=MoveForm(),
            moves=moves_of(referral) if self.can(Permission.REFERRAL_WRITE) else [],
            may_end=self.can(Permission.REFERRAL_WRITE) and may_move(referral.stage, Referral.Stage.LOST),
            knots=chain.of_referral(workspace=self.workspace, referral=referral, sees_scores=self.sees_scores),
            thank_yous=self.workspace.thank_yous.filter(referral=referral).order_by("owed_since"),
        )


class RewardRecord(RecordView):
    def get(self, request: Any, reward_id: str) -> HttpResponseBase:
        workspace = self.workspace
        reward = find_or_404(workspace.rewards.select_related("contact", "company", "rule"), reward_id)
        referral = workspace.referrals.filter(pk=reward.source_id).select_related("referrer", "link").first()
        story = (
            chain.of_referral(workspace=workspace, referral=referral, sees_scores=self.sees_scores) if referral else []
        )
        return self.record(
            "reward",
            queries.about("reward", reward.pk),
            reward=reward,
            referral=referral,
            knots=story,
            may_decide=self.can(Permission.REWARD_APPROVE),
            sees_ledger=self.can(Permission.LEDGER_READ),
            ledger_lines=self._ledger_lines(reward.pk) if self.can(Permission.LEDGER_READ) else [],
        )

    def _ledger_lines(self, reward_id: Any) -> list[LedgerLine]:
        rows = self.workspace.ledger_lines.filter(entry__reward_id=reward_id).select_related("entry", "account")
        return list(rows.order_by("entry__occurred_at", "entry_id", "-amount_minor"))
