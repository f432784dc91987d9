"""Steps about what is promised, what the friend sees, and when one works."""

from typing import Any

from csp.constants import SELF
from csp.decorators import csp_update
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator

from accounts.members import actions as members
from accounts.members.models import Member
from accounts.members.permissions import Permission
from accounts.tenancy.errors import Refusal
from referrals.first_run import actions, queries
from referrals.first_run.forms import HoursForm
from referrals.first_run.offers import offers, terms_of
from referrals.first_run.views import StepView
from referrals.links.addresses import advocate_url
from referrals.practice import queries as practice
from rewards.rules import actions as rules
from rewards.rules.models import RewardRule
from rewards.rules.sentences import sentence


class Reward(StepView):
    """One sentence for the one who refers."""

    write_permission = Permission.PROGRAM_WRITE
    code = "reward"

    def get(self, request: Any) -> HttpResponseBase:
        live = self.workspace.reward_rules.filter(side=RewardRule.Side.REFERRER, state=RewardRule.State.LIVE).first()
        return self.step_page(
            "reward",
            promised=sentence(live) if live else "",
            offers=offers(self.workspace.currency),
            may_promise=self.can(Permission.PROGRAM_WRITE),
        )

    def post(self, request: Any) -> HttpResponseBase:
        try:
            terms = terms_of(request.POST.get("offer", ""), self.workspace.currency)
            rules.create(workspace=self.workspace, by=self.actor, now=timezone.now(), **terms)
        except Refusal as refusal:
            return self.refused(refusal)
        return self.go_on("Said. From now on your pages say the same.")


@method_decorator(csp_update({"frame-src": [SELF]}), name="dispatch")
class Page(StepView):
    """The landing page on a phone: of the first person who has a link, else of the practice."""

    code = "page"

    def get(self, request: Any) -> HttpResponseBase:
        run = queries.run_of(self.workspace)
        return self.step_page(
            "page",
            **self._screen(),
            is_approved=bool(run and run.page_seen_at),
            may_set=self.can(Permission.SETTINGS_MANAGE),
        )

    def post(self, request: Any) -> HttpResponseBase:
        actions.approve_page(workspace=self.workspace, by=self.actor, now=timezone.now())
        return self.go_on()

    def _screen(self) -> dict[str, Any]:
        link = self.workspace.links.filter(retired_at=None).select_related("contact").order_by("created_at").first()
        if link is not None:
            token = advocate_url(link).rpartition("/")[2]
            return {"screen": reverse("advocate-preview", args=[token]), "whose": link.contact.name}
        play = practice.practice_of(self.workspace)
        return {"screen": play.landing_path if play else "", "whose": "Jamie, in practice" if play else ""}


class Hours(StepView):
    """The member's own hours and zone."""

    code = "hours"

    def get(self, request: Any) -> HttpResponseBase:
        return self.step_page("hours", form=HoursForm(instance=self.member))

    def post(self, request: Any) -> HttpResponseBase:
        form = HoursForm(request.POST, instance=Member.objects.get(pk=self.member.pk))
        if not form.is_valid():
            return self.step_page("hours", status=422, form=form)
        members.change_profile(
            workspace=self.workspace, member=self.member, fields=form.cleaned_data, by=self.actor, now=timezone.now()
        )
        return self.go_on("Saved.")
