"""`/app/new`: somebody who has just signed up says whose workspace it is, and the first run begins."""

from typing import Any

from django.conf import settings
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views import View

from accounts.tenancy.errors import Refusal
from referrals.first_run import actions
from referrals.first_run.forms import FoundForm


class Found(LoginRequiredMixin, View):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not settings.SIGN_UP:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return self._show(FoundForm())

    def post(self, request: Any) -> HttpResponseBase:
        form = FoundForm(request.POST)
        if not form.is_valid():
            return self._show(form, status=422)
        try:
            workspace = actions.found(user=request.user, now=timezone.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, refusal.detail)
            return self._show(form, status=422)
        return redirect("first-run", workspace.slug)

    def _show(self, form: FoundForm, status: int = 200) -> HttpResponseBase:
        return TemplateResponse(self.request, "referrals/first_run/found.html", {"form": form}, status=status)
