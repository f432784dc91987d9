"""The public pages as they would look with another brand: the real templates, a made-up customer, nothing stored."""

import copy
from typing import Any, ClassVar

from csp.decorators import csp_replace
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.decorators import method_decorator

from accounts.customers.models import Company, Contact
from accounts.members.permissions import Permission
from accounts.members.views import WorkspaceView
from accounts.settings.workspace_forms import BrandForm
from accounts.tenancy import brand
from accounts.tenancy.models import Workspace
from feedback.surveys import metrics
from feedback.surveys.models import Metric, Survey
from referrals.advocate import views as advocate
from referrals.advocate.forms import Introduction
from referrals.asks.survey_views import ENDS
from referrals.landing import pages
from referrals.landing.forms import CallRequest
from referrals.links.models import Link
from referrals.programs.models import Program

_CODE = "preview"


# Only our own settings may frame it, and nothing can be sent from it.
@method_decorator(csp_replace({"frame-ancestors": ["'self'"], "form-action": ["'none'"]}), name="dispatch")
class BrandPreview(WorkspaceView):
    """`settings/brand/preview/<page>?brand_color=...&tone=...`: values that cannot be stored are left out."""

    permission: ClassVar[Permission] = Permission.SETTINGS_MANAGE

    def get(self, request: Any, page: str) -> HttpResponseBase:
        pictures = {"survey": self._survey, "landing": self._landing, "advocate": self._advocate}
        if page not in pictures:
            raise Http404
        response = HttpResponse(pictures[page]())
        response["X-Frame-Options"] = "SAMEORIGIN"
        response["Cache-Control"] = "no-store"
        return response

    def _survey(self) -> str:
        link = self._link()
        workspace, survey = link.workspace, self.workspace.surveys.filter(metric=Metric.NPS).first() or _survey()
        scale, (least, most) = metrics.scale_of(survey.metric), ENDS[survey.metric]
        context = {
            "workspace": workspace,
            "survey": survey,
            "contact": link.contact,
            "greeted": brand.greeted(workspace, link.contact),
            "asker": self.member.name,
            "scores": range(scale.lowest, scale.highest + 1),
            "least": least,
            "most": most,
            "preferences": "#",
            "token": _CODE,
            **brand.context(workspace),
        }
        return render_to_string("referrals/asks/survey_score.html", context)

    def _landing(self) -> str:
        now = timezone.now()
        return pages.written(self._link(), form=CallRequest(), in_public=False, now=now, preview=True)

    def _advocate(self) -> str:
        context = advocate.context_of(self._link(), _CODE, timezone.now())
        return render_to_string("referrals/advocate/show.html", context | {"form": Introduction(), "said": ""})

    def _link(self) -> Link:
        workspace = self._workspace()
        company = Company(workspace=workspace, name="Northwind", publicity="allowed", owner=self.member)
        contact = Contact(
            workspace=workspace,
            company=company,
            first_name="Jamie",
            last_name="Okafor",
            title="Head of Operations",
            email="jamie@northwind.example",
        )
        program = workspace.programs.order_by("priority", "pk").first() or Program(workspace=workspace)
        program.state = Program.State.LIVE
        return Link(workspace=workspace, contact=contact, program=program, code=_CODE)

    def _workspace(self) -> Workspace:
        """A copy with what was typed, as far as it is sound."""
        workspace = copy.copy(self.workspace)
        form = BrandForm(self.request.GET, instance=Workspace())
        form.full_clean()
        for name in ("brand_color", "tone"):
            if name in self.request.GET and name in form.cleaned_data:
                setattr(workspace, name, form.cleaned_data[name])
        if self.request.GET.get("drop_logo"):
            workspace.logo = ""
        return workspace


def _survey() -> Survey:
    return Survey(metric=Metric.NPS, question="How likely are you to recommend us to a colleague?")
