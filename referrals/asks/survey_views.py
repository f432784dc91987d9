"""`/s/<token>`: a score in one tap, two more words, and for a promoter the ask itself in the same breath.

GET shows and never records, whatever stands in the address: mail scanners open every link.
"""

from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from accounts.mail.preferences import preferences_url
from accounts.tenancy import brand, tokens
from accounts.tenancy.actor import Actor, ActorKind
from accounts.tenancy.models import Workspace
from accounts.tenancy.scope import rendered, workspace_scope
from feedback.invitations import actions as invitations
from feedback.invitations import queries
from feedback.invitations.models import Invitation
from feedback.responses import actions as responses
from feedback.responses.actions import Answer
from feedback.responses.models import Response
from feedback.surveys import metrics
from referrals.asks import actions as asks
from referrals.asks import intake
from referrals.asks.models import Ask
from referrals.links.addresses import advocate_url
from referrals.links.models import Link

ENDS = {
    "nps": ("0 is not at all", "10 is gladly"),
    "csat": ("1 is not at all", "5 is very much"),
    "osat": ("1 is not at all", "5 is very much"),
    "ces": ("1 is not at all", "7 is completely"),
    "oes": ("1 is not at all", "7 is completely"),
}
_YES_NO = {"yes": True, "no": False}


class CommentForm(forms.Form):
    comment = forms.CharField(
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"max_length": "This is longer than we can store: 5,000 characters at most."},
    )
    referred_recently = forms.ChoiceField(
        label="Have you told somebody about us in the last six months?",
        choices=[("yes", "Yes"), ("no", "No")],
        widget=forms.RadioSelect,
        required=False,
    )


# No session: the token in the address is the authority. And under no-referrer browsers send "Origin: null".
@method_decorator([csrf_exempt, never_cache], name="dispatch")
class SurveyView(View):
    """What the steps have in common: the link is read, its scope opened, and nothing is cached."""

    invitation: Invitation

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            token = tokens.read(invitations.SURVEY, kwargs["token"])
        except tokens.BadToken:
            return self._gone(None)
        with transaction.atomic(), workspace_scope(token.workspace_id):
            invitation = queries.open_by(token, now=timezone.now())
            if invitation is None or invitation.workspace.state != Workspace.State.ACTIVE:
                return self._gone(invitation.workspace if invitation else None)
            self.invitation = invitation
            response = rendered(super().dispatch(request, *args, **kwargs))
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex"
        return response

    def _gone(self, workspace: Workspace | None) -> HttpResponse:
        look = brand.context(workspace) if workspace else {}
        context = {"workspace": workspace, **look}
        rests = workspace is not None and workspace.is_suspended
        template = "public_resting.html" if rests else "referrals/asks/survey_gone.html"
        return render(self.request, template, context, status=404)

    @property
    def answer(self) -> Response | None:
        return getattr(self.invitation, "response", None)

    @property
    def by(self) -> Actor:
        return Actor(ActorKind.CONTACT, self.invitation.contact_id)

    def step(self, name: str) -> HttpResponseBase:
        return redirect(f"survey-{name}", self.kwargs["token"])

    def show(self, template: str, status: int = 200, **context: Any) -> TemplateResponse:
        contact, workspace = self.invitation.contact, self.invitation.workspace
        owner = contact.company.owner if contact.company else None
        return TemplateResponse(
            self.request,
            f"referrals/asks/{template}.html",
            {
                "invitation": self.invitation,
                "survey": self.invitation.survey,
                "contact": contact,
                "greeted": brand.greeted(workspace, contact),
                "workspace": workspace,
                **brand.context(workspace),
                "asker": owner.name if owner else workspace.sender_name or workspace.name,
                "preferences": preferences_url(
                    kind="contact",
                    workspace_id=workspace.pk,
                    object_id=contact.pk,
                    nonce=contact.preferences_nonce,
                ),
                "token": self.kwargs["token"],
                **context,
            },
            status=status,
        )


class ScoreView(SurveyView):
    """The question. `?score=9` fills in; only a press of a button records."""

    def get(self, request: HttpRequest, token: str) -> HttpResponseBase:
        return self._question(self._offered(request.GET.get("score", "")))

    def post(self, request: HttpRequest, token: str) -> HttpResponseBase:
        now, survey, text = timezone.now(), self.invitation.survey, request.POST.get("score", "")
        score = self._offered(text)
        if score is None:
            low, high = self._ends_of_scale()
            return self._question(None, error=f"Choose a number from {low} to {high}.", status=422)
        workspace, contact = self.invitation.workspace, self.invitation.contact
        invitations.mark_answered(invitation=self.invitation, timezone_name=request.POST.get("timezone", ""), now=now)
        if self.answer is not None:
            intake.change(workspace=workspace, response=self.answer, score=score, by=self.by, now=now)
        else:
            answer = Answer(survey.metric, score, "page", now, survey=survey, invitation=self.invitation)
            intake.take_in(workspace=workspace, contact=contact, company=None, answer=answer, by=self.by, now=now)
        return self.step("more")

    def _offered(self, text: str) -> int | None:
        low, high = self._ends_of_scale()
        return int(text) if text.isascii() and text.isdigit() and low <= int(text[:3]) <= high else None

    def _ends_of_scale(self) -> tuple[int, int]:
        scale = metrics.scale_of(self.invitation.survey.metric)
        return scale.lowest, scale.highest

    def _question(self, chosen: int | None, *, error: str = "", status: int = 200) -> TemplateResponse:
        low, high = self._ends_of_scale()
        least, most = ENDS[self.invitation.survey.metric]
        if chosen is None and self.answer is not None:
            chosen = self.answer.score
        return self.show(
            "survey_score", status, scores=range(low, high + 1), least=least, most=most, chosen=chosen, error=error
        )


class MoreView(SurveyView):
    """What made the difference, and whether they have told somebody already."""

    def get(self, request: HttpRequest, token: str) -> HttpResponseBase:
        if self.answer is None:
            return self.step("score")
        known = {True: "yes", False: "no", None: ""}[self.answer.referred_recently]
        form = CommentForm(initial={"comment": self.answer.comment, "referred_recently": known})
        return self._page(form)

    def post(self, request: HttpRequest, token: str) -> HttpResponseBase:
        if self.answer is None:
            return self.step("score")
        form = CommentForm(request.POST)
        if not form.is_valid():
            return self._page(form, status=422)
        responses.revise(
            workspace=self.invitation.workspace,
            response=self.answer,
            comment=form.cleaned_data["comment"],
            referred_recently=_YES_NO.get(form.cleaned_data["referred_recently"]),
            by=self.by,
            now=timezone.now(),
        )
        return self.step("thanks")

    def _page(self, form: CommentForm, status: int = 200) -> TemplateResponse:
        form.fields["comment"].label = self.invitation.survey.comment_question
        return self.show("survey_more", status, form=form, answer=self.answer)


class ThanksView(SurveyView):
    """The same breath: for a promoter the ask, with three honest ways out; for everybody a thank-you."""

    def get(self, request: HttpRequest, token: str) -> HttpResponseBase:
        if self.answer is None:
            return self.step("score")
        ask = self._open_ask()
        link = ask.link if ask else self._own_link()
        return self.show(
            "survey_thanks",
            answer=self.answer,
            ask=ask,
            problem=ask.program.ideal_problem if ask else "",
            peer=ask.program.peer_title if ask else "",
            advocate=advocate_url(link) if link else "",
        )

    def post(self, request: HttpRequest, token: str) -> HttpResponseBase:
        """Not now: the written ask is taken back with it."""
        ask = self._open_ask()
        if ask is not None:
            asks.answer(ask=ask, answer=Ask.Answer.SNOOZED, by=self.by, now=timezone.now())
        return self.step("thanks")

    def _open_ask(self) -> Ask | None:
        moment = getattr(self.answer, "moment", None)
        if moment is None or self.answer is None or not self.answer.is_high:
            return None
        states = [Ask.State.QUEUED, Ask.State.SENT]
        return Ask.objects.select_related("link", "program").filter(moment=moment, state__in=states).first()

    def _own_link(self) -> Link | None:
        """Where the gate said no to asking, a glad person still has their link; the intake made it."""
        if self.answer is None or not self.answer.is_high:
            return None
        return self.invitation.contact.links.filter(retired_at=None).order_by("created_at").first()
