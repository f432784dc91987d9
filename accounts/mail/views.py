"""Pages about mail for people without a login: their preferences, and the built-in mailbox."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from accounts.mail import mailbox, preferences
from accounts.mail.preferences import Recipient
from accounts.tenancy import brand
from accounts.tenancy.models import Workspace
from accounts.tenancy.scope import workspace_scope
from accounts.tenancy.tokens import BadToken

_LABELS = {
    "asks": "Questions whether I know somebody you could help",
    "surveys": "Questions how happy I am",
    "campaigns": "News and invitations",
}
_SHOWN_IN_LIST = 200


# The token is the proof, no cookie is: RFC 8058 has mail programs post here by themselves.
@method_decorator([csrf_exempt, never_cache], name="dispatch")
class PreferencesView(View):
    """/p/<token>: what we may send. Only POST changes anything, because mail scanners open every link."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        return self._answer(request, token, self._show)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        return self._answer(request, token, self._change)

    def _answer(self, request: HttpRequest, token: str, act: Any) -> HttpResponse:
        try:
            workspace = preferences.workspace_of(token)
            with workspace_scope(workspace.pk):
                answer = act(request, workspace, preferences.find(workspace, token))
        except BadToken:
            answer = render(request, "accounts/mail/dead_link.html", status=404)
        answer["Referrer-Policy"] = "no-referrer"
        return answer

    def _show(
        self, request: HttpRequest, workspace: Workspace, recipient: Recipient, *, saved: bool = False
    ) -> HttpResponse:
        refused = preferences.refused_purposes(workspace, recipient)
        choices = [(purpose, _LABELS[purpose], purpose not in refused) for purpose in recipient.purposes]
        page = {
            "workspace": workspace,
            "email": recipient.email,
            "choices": choices,
            "nothing": "all" in refused,
            "saved": saved,
            **brand.context(workspace),
        }
        return render(request, "accounts/mail/preferences.html", page)

    def _change(self, request: HttpRequest, workspace: Workspace, recipient: Recipient) -> HttpResponse:
        now, sent = timezone.now(), request.POST
        if sent.get("List-Unsubscribe") == "One-Click":
            purpose = request.GET.get("for", "all")
            preferences.unsubscribe(workspace=workspace, recipient=recipient, purpose=purpose, now=now)
        elif "nothing" in sent:
            preferences.unsubscribe(workspace=workspace, recipient=recipient, purpose="all", now=now)
        elif "choose" in sent:
            wanted = sent.getlist("wanted")
            preferences.choose(workspace=workspace, recipient=recipient, wanted=wanted, now=now)
        elif "again" in sent:
            preferences.welcome_back(workspace=workspace, recipient=recipient)
        else:
            return HttpResponse("Nothing was chosen.", status=400, content_type="text/plain")
        return self._show(request, workspace, recipient, saved=True)


def mailbox_list(request: HttpRequest) -> HttpResponse:
    """The mails that were kept here, newest first.

    Embedded mode only. Without sign-in: it is for trying Goodword out on one's own machine, and whoever can reach the
    port can read every mail, invitations and password resets included. With a mail server it is empty.
    """
    directory = _mailbox_directory()
    page = {"mails": list(mailbox.newest(directory, _SHOWN_IN_LIST)), "count": len(mailbox.keys(directory))}
    return render(request, "accounts/mail/mailbox_list.html", page)


def mailbox_mail(request: HttpRequest, key: str) -> HttpResponse:
    """One kept mail: headers, text with its links, HTML and source as text."""
    mail = mailbox.read(_mailbox_directory(), key)
    if mail is None:
        raise Http404
    return render(request, "accounts/mail/mailbox_mail.html", {"mail": mail})


def _mailbox_directory() -> Path:
    if not (settings.EMBEDDED and settings.MAILBOX_DIR):
        raise Http404
    return Path(settings.MAILBOX_DIR)
