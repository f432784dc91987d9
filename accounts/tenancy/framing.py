"""Public pages that our own dashboard shows inside itself, such as on the picture of a phone."""

from typing import TypeVar

from csp.constants import SELF
from django.http import HttpResponseBase

R = TypeVar("R", bound=HttpResponseBase)

FRAMED = {"X-Frame-Options": "SAMEORIGIN"}
POLICY = {"frame-ancestors": [SELF]}


def may_be_framed(response: R) -> R:
    """The response, which pages of ours may show inside themselves, and nobody else."""
    for name, value in FRAMED.items():
        response[name] = value
    response._csp_replace = POLICY  # type: ignore[attr-defined]  # read by django-csp's middleware
    return response
