"""`Authorization: Bearer gw_...`: the key says which workspace, and what may be done there."""

from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import BasePermission

from accounts.api.models import ApiKey
from accounts.tenancy.actor import Actor, ActorKind
from accounts.tenancy.models import Workspace


class KeyAuthentication(BaseAuthentication):
    """Opens the scope of the key's workspace in the running transaction: nothing else may be seen from here on."""

    def authenticate(self, request: Any) -> tuple[None, ApiKey] | None:
        words = get_authorization_header(request).split()
        if len(words) != 2 or words[0].lower() != b"bearer":
            return None
        key = open_key(words[1].decode("latin-1"), now=timezone.now())
        if key.workspace.state != Workspace.State.ACTIVE:
            raise PermissionDenied(f"This workspace is {key.workspace.state}.", code=f"workspace_{key.workspace.state}")
        request._request.workspace = key.workspace
        request._request.actor = Actor(ActorKind.API_KEY, key.pk)
        return None, key

    def authenticate_header(self, request: Any) -> str:
        return "Bearer"


def open_key(secret: str, *, now: datetime) -> ApiKey:
    """The live key with this secret, its workspace's scope opened. Raises AuthenticationFailed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT open_api_key(%s)", [ApiKey.hash_of(secret)])
        key_id = cursor.fetchone()[0]
    key = ApiKey.objects.select_related("workspace").get(pk=key_id) if key_id else None
    if key is None or key.revoked_at or (key.expires_at and key.expires_at <= now):
        raise AuthenticationFailed("This key is not known, or not valid any more.")
    if key.last_used_on != now.date():
        ApiKey.objects.filter(pk=key.pk, workspace=key.workspace_id).update(last_used_on=now.date())
    return key


class HasScope(BasePermission):
    """Reading needs `read`, anything else the view's `write_scope`."""

    def has_permission(self, request: Any, view: Any) -> bool:
        if request.auth is None:
            return False
        needed = "read" if request.method in ("GET", "HEAD", "OPTIONS") else view.write_scope
        if not request.auth.allows(needed):
            raise PermissionDenied(f"This key lacks the scope “{needed}”.")
        return True
