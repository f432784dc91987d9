"""Pages for what went wrong; problem+json below /api/."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.api import problems

API = "/api/"


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if request.path.startswith(API):
        return problems.respond(request, 404, "not_found", "There is nothing here.")
    return render(request, "404.html", status=404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    if request.path.startswith(API):
        return problems.respond(request, 403, "forbidden", "This is not allowed.")
    return render(request, "403.html", {"reason": str(exception)}, status=403)


def unproven(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its proof of origin. Django's own page for it carries styles our policy refuses."""
    words = "We could not tell that this form came from you: cookies are off, or the page was open for too long. "
    words += "Go back, load the page again and send it once more."
    return render(request, "403.html", {"title": "This was not taken.", "reason": words}, status=403)


def failed(request: HttpRequest, *args: Any) -> HttpResponse:
    if request.path.startswith(API):
        return problems.respond(request, 500, "error", "Something failed on our side. It has been logged.")
    return render(request, "500.html", status=500)
