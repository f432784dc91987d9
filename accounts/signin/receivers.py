"""What follows from signing in, and from a change of how one signs in."""

import time
from typing import Any

from allauth.account.signals import user_logged_in
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.members.models import User
from accounts.signin import sessions
from accounts.signin.records import CAME_BY, SEEN_AT


@receiver(user_logged_in, dispatch_uid="signin.remember")
def remember_how(sender: Any, request: HttpRequest, user: User, **more: Any) -> None:
    """The session is watched from now on, and knows which company vouched for it."""
    request.session[SEEN_AT] = time.time()
    request.session.pop(CAME_BY, None)
    if sociallogin := more.get("sociallogin"):
        request.session[CAME_BY] = sociallogin.account.provider


@receiver(authenticator_added, dispatch_uid="signin.added")
@receiver(authenticator_removed, dispatch_uid="signin.removed")
@receiver(authenticator_reset, dispatch_uid="signin.reset")
def end_other_sessions(sender: Any, request: HttpRequest, user: User, **_more: Any) -> None:
    """Who sits in another session may be why somebody changes their second factor."""
    sessions.end_others(request=request, user=user)
