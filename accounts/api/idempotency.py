"""`Idempotency-Key`: the same request again gets the first answer again, never a second effect.

The row is written in the transaction of the effect. The advisory lock comes first, else the second request would wait
on the unique key instead of answering 409.
"""

import hashlib
import json
from datetime import timedelta
from typing import Any

from django.db import connection
from rest_framework.response import Response

from accounts.api.models import IdempotentAnswer
from accounts.tenancy.errors import InvalidInput, Refusal

KEPT_FOR = timedelta(hours=24)
_MAX_LENGTH = 255


class StillRunning(Refusal):
    code = "idempotency_key_in_use"


class Replay(Exception):
    """This request was answered before. Carries the first answer."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response


def key_of(request: Any) -> str | None:
    """The key without the quotes that the draft standard puts around it, or None. Raises InvalidInput."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    key = key.strip().strip('"')
    if not key or len(key) > _MAX_LENGTH or not key.isprintable():
        raise InvalidInput("The idempotency key must have 1 to 255 printable characters.", field="Idempotency-Key")
    return key


def begin(request: Any, *, now: Any) -> None:
    """Take the key for this transaction. Raises Replay, StillRunning, InvalidInput (same key, other request)."""
    key = key_of(request)
    if key is None:
        return
    with connection.cursor() as cursor:
        name = f"{request.workspace.pk}|{request.auth.pk}|{key}"
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [name])
        if not cursor.fetchone()[0]:
            raise StillRunning("A request with this idempotency key is still running.")
    answers = request.workspace.idempotent_answers.filter(api_key=request.auth, key=key)
    answers.filter(created_at__lt=now - KEPT_FOR).delete()
    first = answers.first()
    if first is None:
        return
    if bytes(first.fingerprint) != fingerprint(request):
        raise InvalidInput(
            "This idempotency key was used for another request.", code="idempotency_key_reused", field="Idempotency-Key"
        )
    raise Replay(Response(first.body, status=first.status, headers={"Idempotency-Replayed": "true"}))


def keep(request: Any, response: Any) -> None:
    """Store a rendered 2xx answer under the request's key."""
    key = key_of(request)
    if key is None or not 200 <= response.status_code < 300 or response.has_header("Idempotency-Replayed"):
        return
    IdempotentAnswer.objects.create(
        workspace=request.workspace,
        api_key=request.auth,
        key=key,
        fingerprint=fingerprint(request),
        status=response.status_code,
        body=json.loads(response.content) if response.content else None,
    )


def fingerprint(request: Any) -> bytes:
    """SHA-256 over method, path and the parsed body (spaces and order of names do not matter)."""
    body = json.dumps(request.data, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(f"{request.method} {request.get_full_path()}\n{body}".encode()).digest()
