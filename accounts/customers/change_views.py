"""Changing companies and people by hand: one form each, one action each."""

from typing import Any, ClassVar

from django.contrib import messages
from django.forms import Form
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from accounts.customers import actions
from accounts.customers.forms import CompanyForm, ContactForm, HoldForm, OutcomeForm, show_refusal
from accounts.customers.models import Company, Contact
from accounts.members.permissions import Permission
from accounts.members.views import WorkspaceView
from accounts.tenancy.errors import Refusal
from accounts.tenancy.lookup import find_or_404


class ChangeView(WorkspaceView):
    permission: ClassVar[Permission] = Permission.CUSTOMER_WRITE

    def owner(self, kind: str, public_id: str) -> Contact | Company:
        """The contact or company of the address. Raises Http404."""
        if kind == "people":
            return find_or_404(self.workspace.contacts.select_related("company"), public_id)
        return find_or_404(self.workspace.companies, public_id)

    def back(self, owner: Contact | Company) -> HttpResponseBase:
        name = "contact-record" if isinstance(owner, Contact) else "company-record"
        return redirect(name, self.workspace.slug, owner.public_id)

    def form_page(self, title: str, owner: Contact | Company, form: Form, status: int = 200) -> HttpResponseBase:
        return self.page(
            "accounts/customers/form.html",
            status=status,
            title=title,
            owner=owner,
            record_url_name="contact-record" if isinstance(owner, Contact) else "company-record",
            form=form,
        )


class EditContact(ChangeView):
    def get(self, request: Any, public_id: str) -> HttpResponseBase:
        contact = find_or_404(self.workspace.contacts, public_id)
        return self.form_page(f"About {contact.name}", contact, ContactForm.of(contact))

    def post(self, request: Any, public_id: str) -> HttpResponseBase:
        contact, form = find_or_404(self.workspace.contacts, public_id), ContactForm(request.POST)
        if form.is_valid():
            reference = {"id": contact.public_id, **form.cleaned_data}
            try:
                actions.resolve_contact(
                    workspace=self.workspace, reference=reference, by=self.actor, now=timezone.now()
                )
            except Refusal as refusal:
                show_refusal(form, refusal)
            else:
                return self.back(contact)
        return self.form_page(f"About {contact.name}", contact, form, status=422)


class EditCompany(ChangeView):
    def get(self, request: Any, public_id: str) -> HttpResponseBase:
        company = find_or_404(self.workspace.companies, public_id)
        return self.form_page(f"About {company.name}", company, CompanyForm.of(company))

    def post(self, request: Any, public_id: str) -> HttpResponseBase:
        company, form = find_or_404(self.workspace.companies, public_id), CompanyForm(request.POST)
        if form.is_valid():
            reference = {"id": company.public_id, **form.cleaned_data}
            try:
                actions.resolve_company(
                    workspace=self.workspace, reference=reference, by=self.actor, now=timezone.now()
                )
            except Refusal as refusal:
                show_refusal(form, refusal)
            else:
                return self.back(company)
        return self.form_page(f"About {company.name}", company, form, status=422)


class PlaceHold(ChangeView):
    def post(self, request: Any, kind: str, public_id: str) -> HttpResponseBase:
        owner, form = self.owner(kind, public_id), HoldForm(request.POST)
        if form.is_valid():
            on = {"contact": owner} if isinstance(owner, Contact) else {"company": owner}
            try:
                actions.place_hold(
                    workspace=self.workspace, by=self.actor, now=timezone.now(), **on, **form.cleaned_data
                )
            except Refusal as refusal:
                show_refusal(form, refusal)
            else:
                messages.success(request, f"{owner} is left alone now.")
                return self.back(owner)
        return self.form_page(f"Leave {owner} alone", owner, form, status=422)


class LiftHold(ChangeView):
    def post(self, request: Any, hold_id: str) -> HttpResponseBase:
        hold = find_or_404(self.workspace.holds.select_related("contact", "company"), hold_id)
        actions.lift_hold(workspace=self.workspace, hold=hold, by=self.actor, now=timezone.now())
        messages.success(request, "Lifted.")
        return self.back(hold.contact or hold.company)


class AddOutcome(ChangeView):
    def post(self, request: Any, kind: str, public_id: str) -> HttpResponseBase:
        owner, form = self.owner(kind, public_id), OutcomeForm(request.POST)
        if form.is_valid():
            company = owner.company if isinstance(owner, Contact) else owner
            try:
                actions.add_outcome(
                    workspace=self.workspace,
                    contact=owner if isinstance(owner, Contact) else None,
                    company=company,
                    fields=form.fields_given(),
                    by=self.actor,
                    now=timezone.now(),
                )
            except Refusal as refusal:
                show_refusal(form, refusal)
            else:
                messages.success(request, "Kept. It may be told once somebody named has approved it.")
                return self.back(owner)
        return self.form_page(f"An outcome of {owner}", owner, form, status=422)
