"""Errors as RFC 9457 problem+json."""

from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from rest_framework import exceptions, status
from rest_framework.response import Response

from accounts.tenancy.errors import Refusal

CONTENT_TYPE = "application/problem+json"

_TITLES = {
    400: "The request can't be read",
    401: "Who are you?",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    406: "Not acceptable",
    409: "Not possible now",
    413: "Too large",
    415: "Unsupported media type",
    422: "Some fields are wrong",
    429: "Too many requests",
    500: "Something failed on our side",
}


def body(
    status_code: int,
    code: str,
    detail: str,
    *,
    request: Any = None,
    errors: list[dict[str, Any]] | None = None,
    **more: Any,
) -> dict[str, Any]:
    """The members of a problem document, ours included: `code`, `request_id`, `errors`."""
    return {
        "type": "about:blank",
        "title": _TITLES.get(status_code, "Error"),
        "status": status_code,
        "detail": detail,
        "code": code,
        "request_id": getattr(request, "request_id", None),
        "errors": errors or [],
        **more,
    }


def answer(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: the whole request is rolled back, then answered in one shape."""
    request = context["request"]._request
    problem = _problem_of(error, request)
    if problem is None:
        return None
    if connection.in_atomic_block:
        transaction.set_rollback(True)
    response = Response(problem, status=problem["status"], content_type=CONTENT_TYPE)
    wait_s = getattr(error, "wait", None)
    if wait_s is not None:
        response["Retry-After"] = str(max(1, round(wait_s)))
    if problem["status"] == status.HTTP_401_UNAUTHORIZED:
        response["WWW-Authenticate"] = "Bearer"
    return response


def _problem_of(error: Exception, request: HttpRequest) -> dict[str, Any] | None:
    if isinstance(error, Refusal):
        errors = [{"field": error.field, "code": error.code, "detail": error.detail}] if error.field else []
        return body(error.status, error.code, error.detail, request=request, errors=errors, **error.extra)
    if isinstance(error, Http404 | exceptions.NotFound):
        return body(404, "not_found", "There is nothing here.", request=request)
    if isinstance(error, exceptions.ValidationError):
        errors = list(flatten(error.detail))
        detail = errors[0]["detail"] if len(errors) == 1 else f"{len(errors)} fields need another look."
        return body(422, "invalid", detail, request=request, errors=errors)
    if isinstance(error, exceptions.APIException):
        code = error.get_codes() if isinstance(error.get_codes(), str) else error.default_code
        return body(error.status_code, str(code), str(error.detail), request=request)
    return None


def flatten(detail: Any, path: str = "") -> Iterator[dict[str, Any]]:
    """DRF's nested errors as rows of field ("referee.email"), code and sentence."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            step = "" if name == "non_field_errors" else str(name)
            yield from flatten(inner, ".".join(part for part in [path, step] if part))
    elif isinstance(detail, list):
        for index, inner in enumerate(detail):
            is_row = isinstance(inner, dict | list)
            yield from flatten(inner, f"{path}[{index}]" if is_row else path)
    else:
        yield {"field": path or None, "code": getattr(detail, "code", "invalid"), "detail": str(detail)}


def respond(request: HttpRequest, status_code: int, code: str, detail: str) -> HttpResponse:
    """A problem outside DRF: unknown addresses and crashes below /api/."""
    problem = body(status_code, code, detail, request=request)
    return JsonResponse(problem, status=status_code, content_type=CONTENT_TYPE)
