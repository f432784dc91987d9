"""Settings of the workspace itself: general, brand, legal, hours."""

from datetime import date
from typing import Any, ClassVar

import requests
from csp.decorators import csp_update
from django.contrib import messages
from django.forms import Form
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.decorators import method_decorator

from accounts.members import workspaces
from accounts.members.permissions import Permission
from accounts.members.views import OutsideView
from accounts.settings import actions, days
from accounts.settings.views import SettingsView
from accounts.settings.workspace_forms import (
    BrandForm,
    DayOffForm,
    GeneralForm,
    HoursForm,
    LegalForm,
    LogoAtAddress,
    WorkspaceForm,
)
from accounts.tenancy import colours, logos, outgoing
from accounts.tenancy.errors import InvalidInput
from accounts.tenancy.logos import Picture
from accounts.tenancy.models import Workspace


class FormPage(SettingsView):
    """A page with one form about the workspace."""

    permission: ClassVar[Permission] = Permission.SETTINGS_MANAGE
    form_class: ClassVar[type[WorkspaceForm]]
    template: ClassVar[str]
    url_name: ClassVar[str]
    said: ClassVar[str] = "Saved."

    def get(self, request: Any) -> HttpResponseBase:
        return self.show(self.form_class(instance=self.workspace))

    def post(self, request: Any) -> HttpResponseBase:
        form = self.bound()
        if not form.is_valid():
            return self.show(form, status=422)
        return self.save(form)

    def save(self, form: Any) -> HttpResponseBase:
        workspaces.change(workspace=self.workspace, fields=form.fields_given(), by=self.actor, now=timezone.now())
        return self.saved()

    def saved(self) -> HttpResponseBase:
        messages.success(self.request, self.said)
        return redirect(self.url_name, self.workspace.slug)

    def bound(self) -> Any:
        # A copy: a form that is refused must not change what the page around it shows.
        stored = Workspace.objects.get(pk=self.workspace.pk)
        return self.form_class(self.request.POST, self.request.FILES, instance=stored)

    def show(self, form: Form | WorkspaceForm, status: int = 200, **context: Any) -> HttpResponseBase:
        return self.settings_page(self.template, status=status, form=form, **context)


class General(FormPage):
    form_class = GeneralForm
    template = "accounts/settings/workspace.html"
    url_name = "settings-workspace"

    def show(self, form: Form | WorkspaceForm, status: int = 200, **context: Any) -> HttpResponseBase:
        return super().show(form, status, zones=days.zones(), **context)


class Legal(FormPage):
    form_class = LegalForm
    template = "accounts/settings/legal.html"
    url_name = "settings-legal"


# The preview beside the form is a page of ours in a frame.
@method_decorator(csp_update({"frame-src": ["'self'"]}), name="dispatch")
class Brand(FormPage, OutsideView):
    """Logo, colour, tone. A logo given by its address is fetched before the form is judged."""

    form_class = BrandForm
    template = "accounts/settings/brand.html"
    url_name = "settings-brand"
    said = "Saved. Every public page shows it from now on."

    def ask_outside(self, request: Any, **kwargs: Any) -> Picture | InvalidInput | None:
        asked = LogoAtAddress(request.POST)
        if request.FILES.get("logo_file") or not asked.is_valid():
            return None
        try:
            with outgoing.session() as session:
                answer = session.get(asked.cleaned_data["logo_address"])
            if not answer.ok:
                return InvalidInput(
                    f"There is no picture at this address ({answer.status_code}).", field="logo_address"
                )
            return logos.read(answer.content, field="logo_address")
        except InvalidInput as refusal:
            return refusal
        except requests.RequestException as error:
            return InvalidInput(f"We could not fetch it: {outgoing.reason(error)}", field="logo_address")

    def save(self, form: Any) -> HttpResponseBase:
        try:
            if isinstance(self.answer, InvalidInput):
                raise self.answer
            picture = form.picture() or self.answer
        except InvalidInput as refusal:
            form.add_error(refusal.field, refusal.detail)
            return self.show(form, status=422)
        actions.change_brand(
            workspace=self.workspace,
            fields=form.fields_given(),
            picture=picture,
            drop_logo=form.cleaned_data["drop_logo"],
            by=self.actor,
            now=timezone.now(),
        )
        return self.saved()

    def show(self, form: Form | WorkspaceForm, status: int = 200, **context: Any) -> HttpResponseBase:
        return super().show(form, status, readings=_readings(self.workspace.brand_color), **context)


class Readings(SettingsView):
    """For the form, while a colour is typed: how it reads on buttons and links."""

    permission: ClassVar[Permission] = Permission.SETTINGS_MANAGE

    def get(self, request: Any) -> HttpResponseBase:
        form = BrandForm({"brand_color": request.GET.get("brand_color", "")}, instance=Workspace())
        form.full_clean()
        readings = _readings(form.cleaned_data.get("brand_color", ""))
        return self.page("accounts/settings/_readings.html", readings=readings, errors=form["brand_color"].errors)


class Hours(FormPage):
    """When mail may leave, and on which days."""

    form_class = HoursForm
    template = "accounts/settings/hours.html"
    url_name = "settings-hours"
    said = "Saved. Asks that are planned already keep their minute; new ones obey."

    def show(self, form: Form | WorkspaceForm, status: int = 200, **context: Any) -> HttpResponseBase:
        today = timezone.localdate()
        context.setdefault("day_form", DayOffForm(today=today))
        return super().show(form, status, coming=days.coming(self.workspace, today), **context)


class AddDayOff(Hours):
    def post(self, request: Any) -> HttpResponseBase:
        form = DayOffForm(request.POST, today=timezone.localdate())
        try:
            if form.is_valid():
                actions.add_day_off(workspace=self.workspace, by=self.actor, now=timezone.now(), **form.cleaned_data)
                return redirect(self.url_name, self.workspace.slug)
        except InvalidInput as refusal:
            form.add_error(refusal.field, refusal.detail)
        return self.show(HoursForm(instance=self.workspace), status=422, day_form=form)


class DropDayOff(Hours):
    def post(self, request: Any) -> HttpResponseBase:
        try:
            day = date.fromisoformat(request.POST.get("day", ""))
        except ValueError as error:
            raise Http404 from error
        actions.drop_day_off(workspace=self.workspace, day=day, by=self.actor, now=timezone.now())
        return redirect(self.url_name, self.workspace.slug)


def _readings(colour: str) -> list[colours.Reading]:
    return colours.readings(colour.removeprefix("#")) if colour else []
