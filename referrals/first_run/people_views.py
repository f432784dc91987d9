"""Steps about customers: bring them, choose three, write to the first."""

from typing import Any, ClassVar

from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import cached_property

from accounts.customers import actions as customers
from accounts.customers.models import Contact, Outcome
from accounts.imports.forms import StartForm
from accounts.members.permissions import Permission
from accounts.tenancy.errors import Refusal
from accounts.tenancy.lookup import find_or_404
from feedback.responses.models import Response
from referrals.asks import actions as asks
from referrals.asks import own_mailbox
from referrals.asks.models import Ask, without_clock
from referrals.asks.warm_start import Candidate, warm_start
from referrals.first_run.forms import StoryForm
from referrals.first_run.steps import THREE
from referrals.first_run.views import StepView

_MOST_SHOWN = 12
_MOST_COPIES = 5


class Customers(StepView):
    """Drop a file; the import centre takes it from there."""

    code = "customers"

    def get(self, request: Any) -> HttpResponseBase:
        jobs = self.workspace.import_jobs.order_by("-created_at")[:3]
        return self.step_page(
            "customers",
            form=StartForm(),
            jobs=jobs,
            people=self.workspace.contacts.count(),
            scores=Response.objects.filter(workspace=self.workspace).count(),
            may_import=self.can(Permission.CUSTOMER_WRITE),
        )


class PeopleView(StepView):
    """What the steps about single people share: who praised us, and who has a story."""

    @cached_property
    def told(self) -> dict[Any, Outcome]:
        """The latest story of each person that has one."""
        rows = Outcome.objects.filter(workspace=self.workspace, contact__isnull=False).exclude(old_challenge="")
        return {row.contact_id: row for row in rows.select_related("contact__company").order_by("created_at", "pk")}

    @cached_property
    def candidates(self) -> list[Candidate]:
        return [one for one in self.warm.ready if one.contact is not None]

    @cached_property
    def warm(self) -> Any:
        return warm_start(workspace=self.workspace, now=timezone.now())


class People(PeopleView):
    """Who said it already, and why we would leave the others alone."""

    code = "people"

    def get(self, request: Any) -> HttpResponseBase:
        chosen = [outcome for outcome in self.told.values() if outcome.contact]
        left = [one for one in self.candidates if one.contact and one.contact.pk not in self.told]
        return self.step_page(
            "people",
            warm=self.warm,
            praised=len(self.warm.ready) + len(self.warm.left_alone),
            chosen=chosen,
            left_to_choose=max(THREE - len(chosen), 0),
            ready=left[:_MOST_SHOWN],
            more=max(len(left) - _MOST_SHOWN, 0),
        )


class TellStory(StepView):
    """Choose one of them: what was hard before, and what got better."""

    permission: ClassVar[Permission] = Permission.CUSTOMER_WRITE
    code = "people"

    def get(self, request: Any, contact_id: str) -> HttpResponseBase:
        return self._show(self._person(contact_id), StoryForm())

    def post(self, request: Any, contact_id: str) -> HttpResponseBase:
        person, form = self._person(contact_id), StoryForm(request.POST)
        if not form.is_valid():
            return self._show(person, form, status=422)
        try:
            customers.add_outcome(
                workspace=self.workspace, contact=person, fields=form.fields_given(), by=self.actor, now=timezone.now()
            )
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.detail)
            return self._show(person, form, status=422)
        return redirect("first-run-people", self.workspace.slug)

    def _person(self, contact_id: str) -> Contact:
        return find_or_404(self.workspace.contacts.select_related("company"), contact_id)

    def _show(self, person: Contact, form: StoryForm, status: int = 200) -> HttpResponseBase:
        return self.step_page("story", status=status, person=person, form=form)


class Send(PeopleView):
    """The letters that wait, one of them open, to be sent from one's own mailbox."""

    code = "send"

    def get(self, request: Any) -> HttpResponseBase:
        waiting = list(self._waiting())
        wanted = request.GET.get("ask", "")
        ask = next((one for one in waiting if one.public_id == wanted), waiting[0] if waiting else None)
        begun = {one.contact_id for one in waiting}
        ready = [one for one in self.candidates if one.contact and one.contact.pk not in begun]
        ready.sort(key=lambda one: one.contact.pk not in self.told if one.contact else True)
        return self.step_page(
            "send",
            ask=ask,
            letter=own_mailbox.letter(ask=ask) if ask and ask.contact.email else None,
            against=own_mailbox.reasons_against(ask=ask, now=timezone.now()) if ask else (),
            waiting=[one for one in waiting if ask is None or one.pk != ask.pk],
            ready=ready[:THREE],
            sent=self.workspace.asks.filter(sent_by_person=True, sent_at__isnull=False).count(),
            copies=self.workspace.copied_mails.order_by("-received_at")[:_MOST_COPIES],
        )

    def post(self, request: Any) -> HttpResponseBase:
        """Write the letter to one of them."""
        contact = find_or_404(self.workspace.contacts.all(), request.POST.get("contact", ""))
        try:
            ask = asks.ask_by_hand(workspace=self.workspace, contact=contact, by=self.actor, now=timezone.now())
        except Refusal as refusal:
            return self.refused(refusal)
        address = redirect("first-run-send", self.workspace.slug)
        address["Location"] += f"?ask={ask.public_id}"
        return address

    def _waiting(self) -> Any:
        rows = self.workspace.asks.filter(state=Ask.State.QUEUED)
        return (
            without_clock(rows).select_related("workspace", "contact__company", "program", "link").order_by("queued_at")
        )
