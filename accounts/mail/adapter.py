"""allauth's mails become rows of the dispatcher."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from accounts.mail import actions


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by an owner, an invitation or, where that is open, by signing up; mails are rows first."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return settings.SIGN_UP

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        mail = self.render_mail(template_prefix, email, context)
        html = next((content for content, kind in getattr(mail, "alternatives", []) if kind == "text/html"), "")
        actions.queue_account_mail(
            to_email=email, subject=mail.subject, body_text=str(mail.body), body_html=str(html), now=timezone.now()
        )
