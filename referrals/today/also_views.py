"""What else is done at the desk: calling referred people, thanking, approving rewards."""

from typing import Any

from django.http import HttpResponse

from accounts.members.permissions import Permission
from accounts.tenancy.errors import Refusal
from accounts.tenancy.lookup import find_or_404
from referrals.outages import actions as outages
from referrals.pipeline import actions as pipeline
from referrals.pipeline.models import Referral
from referrals.thanks import actions as thanks
from referrals.thanks.models import ThankYou
from referrals.today import opened
from referrals.today.forms import EditThankYou, SkipForm
from referrals.today.slips import worth
from referrals.today.views import DeskView
from rewards.grants import actions as grants
from rewards.grants.models import Reward


class ReferralView(DeskView):
    """Somebody who was referred and waits for a call."""

    def find(self, referral_id: str) -> Referral:
        return find_or_404(
            self.workspace.referrals.select_related("referrer__company", "owner", "program"), referral_id
        )

    def get(self, request: Any, referral_id: str) -> Any:
        return self.desk(opened.referral(self.find(referral_id), reader=self.reader, member=self.member))


class ContactedReferral(ReferralView):
    """Somebody spoke to them."""

    write_permission = Permission.REFERRAL_WRITE

    def post(self, request: Any, referral_id: str) -> HttpResponse:
        referral = self.find(referral_id)
        return self.act(
            lambda: pipeline.move(referral=referral, stage=Referral.Stage.CONTACTED, by=self.actor, now=self.now),
            said=f"{referral.referee_name} is contacted.",
            back=self.url("today-referral", referral_id),
        )


class ThankYouView(DeskView):
    """A thank-you that is owed."""

    def find(self, thank_you_id: str) -> ThankYou:
        return find_or_404(self.workspace.thank_yous.select_related("contact__company", "referral"), thank_you_id)

    def get(self, request: Any, thank_you_id: str) -> Any:
        return self.show(self.find(thank_you_id))

    def show(self, thank_you: ThankYou, form: EditThankYou | None = None, status: int = 200) -> Any:
        about = opened.thank_you(thank_you, reader=self.reader, member=self.member, form=form)
        return self.desk(about, status=status)


class SendThankYou(ThankYouView):
    """Send it in the words on the screen."""

    write_permission = Permission.ASK_SEND

    def post(self, request: Any, thank_you_id: str) -> Any:
        thank_you, form = self.find(thank_you_id), EditThankYou(request.POST)
        if not form.is_valid():
            return self.show(thank_you, form, status=422)
        try:
            thanks.send(thank_you=thank_you, by=self.actor, now=self.now, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.detail)
            return self.show(thank_you, form, status=422)
        return self.said(f"Thanked {thank_you.contact.name}.", self.url("today"))


class SaidThankYou(ThankYouView):
    """It was said in person."""

    write_permission = Permission.ASK_SEND

    def post(self, request: Any, thank_you_id: str) -> HttpResponse:
        thank_you = self.find(thank_you_id)
        return self.act(
            lambda: thanks.mark_said(thank_you=thank_you, by=self.actor, now=self.now),
            said=f"Thanked {thank_you.contact.name} in person.",
            back=self.url("today-thank-you", thank_you_id),
        )


class SkipThankYou(ThankYouView):
    """Leave it unsaid, with a reason."""

    write_permission = Permission.ASK_SEND

    def post(self, request: Any, thank_you_id: str) -> HttpResponse:
        thank_you, form = self.find(thank_you_id), SkipForm(request.POST)
        why = form.why if form.is_valid() else ""
        return self.act(
            lambda: thanks.skip(thank_you=thank_you, reason=why, by=self.actor, now=self.now),
            said=f"{thank_you.contact.name} is not thanked: {why}.",
            back=self.url("today-thank-you", thank_you_id),
        )


class RewardView(DeskView):
    """A reward that waits for approval."""

    def find(self, reward_id: str) -> Reward:
        return find_or_404(self.workspace.rewards.select_related("contact__company", "company", "workspace"), reward_id)

    def get(self, request: Any, reward_id: str) -> Any:
        return self.desk(opened.reward(self.find(reward_id), reader=self.reader, member=self.member))


class ApproveReward(RewardView):
    """Approve it; above the limit by a second person."""

    write_permission = Permission.REWARD_APPROVE

    def post(self, request: Any, reward_id: str) -> HttpResponse:
        reward = self.find(reward_id)
        return self.act(
            lambda: grants.approve(reward=reward, by=self.actor, now=self.now),
            said=f"Approved: {worth(reward)}.",
            back=self.url("today-reward", reward_id),
        )


class DismissOutage(DeskView):
    """The report of an outage was read."""

    write_permission = Permission.ASK_SEND
    http_method_names = ["post"]

    def post(self, request: Any, outage_id: str) -> HttpResponse:
        report = find_or_404(self.workspace.outage_reports.filter(reported_at__isnull=False), outage_id)
        return self.act(
            lambda: outages.dismiss(report=report, by=self.actor, now=self.now),
            said="Put away. It stays on the record.",
            back=self.url("today"),
        )
