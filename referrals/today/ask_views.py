"""What a person does with an ask on the desk. One address and one action each; a refusal is said on the desk."""

from typing import Any

from django.http import HttpResponse

from accounts.mail import confirming
from accounts.members.permissions import Permission
from accounts.tenancy.errors import Refusal
from referrals.asks import actions as asks
from referrals.asks import own_mailbox
from referrals.asks.models import Ask
from referrals.today import opened
from referrals.today.forms import EditAsk, SkipForm
from referrals.today.views import AskDeskView


class AskDeed(AskDeskView):
    """One POST, one action. A GET (a reloaded page, a bookmark) shows the ask."""

    write_permission = Permission.ASK_SEND

    def facts(self) -> dict[str, Any]:
        return {"by": self.actor, "now": self.now}


class SendAsk(AskDeed):
    """Send now, or note that the call was made."""

    def post(self, request: Any, ask_id: str) -> HttpResponse:
        ask = self.find_ask(ask_id)
        return self.act(
            lambda: asks.send(ask=ask, **self.facts()),
            said=f"Called {ask.contact.name}." if ask.channel == Ask.Channel.CALL else f"Sent to {ask.contact.name}.",
            back=self.url("today-ask", ask_id),
            undo="" if ask.channel == Ask.Channel.CALL else self.url("today-ask-undo", ask_id),
        )


class UndoAsk(AskDeed):
    """Take a sent ask back, within the minute."""

    def post(self, request: Any, ask_id: str) -> HttpResponse:
        ask = self.find_ask(ask_id)
        back = self.url("today-ask", ask_id)
        return self.act(
            lambda: asks.undo(ask=ask, **self.facts()),
            said=f"Taken back. {ask.contact.name} got nothing.",
            back=back,
            then=back,
        )


class SkipAsk(AskDeed):
    """Leave this person alone this time, with a reason."""

    def post(self, request: Any, ask_id: str) -> HttpResponse:
        ask, form = self.find_ask(ask_id), SkipForm(request.POST)
        why = form.why if form.is_valid() else "No reason given"
        return self.act(
            lambda: asks.skip(ask=ask, reason=why, **self.facts()),
            said=f"Skipped {ask.contact.name}: {why[:1].lower()}{why[1:]}.",
            back=self.url("today-ask", ask_id),
        )


class CalledAsk(AskDeed):
    """The call was made, whatever the channel was meant to be."""

    def post(self, request: Any, ask_id: str) -> HttpResponse:
        ask = self.find_ask(ask_id)
        return self.act(
            lambda: asks.mark_called(ask=ask, **self.facts()),
            said=f"Called {ask.contact.name}.",
            back=self.url("today-ask", ask_id),
        )


class AnswerAsk(AskDeed):
    """What they said to a person, on the phone or in a mail."""

    def post(self, request: Any, ask_id: str) -> HttpResponse:
        ask, answer = self.find_ask(ask_id), request.POST.get("answer", "")
        back = self.url("today-ask", ask_id)
        if answer not in Ask.Answer.values:
            return self.refuse("Choose what they said.", back)
        return self.act(
            lambda: asks.answer(ask=ask, answer=answer, **self.facts()),
            said=f"{ask.contact.name}: {Ask.Answer(answer).label.lower()}.",
            back=back,
        )


class OwnMailbox(AskDeskView):
    """The letter, ready to be opened in one's own Outlook, Gmail or mail program."""

    permission = Permission.ASK_SEND
    http_method_names = ["get", "head", "options"]

    def get(self, request: Any, ask_id: str) -> Any:
        ask = self.find_ask(ask_id)
        own = {
            "letter": own_mailbox.letter(ask=ask),
            "against": own_mailbox.reasons_against(ask=ask, now=self.now),
        }
        return self.desk(opened.ask(ask, reader=self.reader, member=self.member, own=own))


class SentFromOwnMailbox(AskDeed):
    """ "Did you send it?" Yes: the ask is made, and counts like any other."""

    def post(self, request: Any, ask_id: str) -> HttpResponse:
        ask, is_first = self.find_ask(ask_id), request.POST.get("back") == "first-run"
        return self.act(
            lambda: asks.mark_sent(ask=ask, **self.facts()),
            said=f"Noted: {ask.contact.name} was asked.",
            back=self.url("first-run-send") if is_first else self.url("today-ask", ask_id),
            then=self.url("first-run-send") if is_first else "",
        )


class ConfirmAsk(AskDeed):
    """Nobody heard back, or the mail came back: a person says that it arrived, else it goes out again."""

    def post(self, request: Any, ask_id: str) -> HttpResponse:
        ask, arrived = self.find_ask(ask_id), request.POST.get("arrived") == "yes"
        name, back = ask.contact.name, self.url("today-ask", ask_id)
        if ask.message is None:
            return self.refuse("No mail belongs to this ask.", back)
        decide = confirming.confirm_arrival if arrived else confirming.send_again
        return self.act(
            lambda: decide(workspace=self.workspace, message=ask.message, **self.facts()),
            said=f"Noted: {name} got it." if arrived else f"Goes out to {name} again.",
            back=back,
            undo="" if arrived else self.url("today-ask-undo", ask_id),
        )


class EditAskView(AskDeed):
    """The words of a draft, in place. What was typed stays on the screen until it is saved."""

    permission = Permission.ASK_SEND

    def get(self, request: Any, ask_id: str) -> Any:
        ask = self.find_ask(ask_id)
        return self._show(ask, EditAsk(initial={"subject": ask.subject, "body": ask.body}))

    def post(self, request: Any, ask_id: str) -> Any:
        ask, form = self.find_ask(ask_id), EditAsk(request.POST)
        if not form.is_valid():
            return self._show(ask, form, status=422)
        try:
            asks.edit(ask=ask, **form.cleaned_data, **self.facts())
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.detail)
            return self._show(ask, form, status=422)
        return self.said("The new words are saved.", self.url("today-ask", ask_id))

    def _show(self, ask: Ask, form: EditAsk, status: int = 200) -> Any:
        return self.desk(opened.ask(ask, reader=self.reader, member=self.member, form=form), status=status)
