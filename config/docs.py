"""The readable API documentation."""

from collections.abc import Callable
from typing import Any

from csp.constants import SELF
from csp.decorators import csp_update


def docs_may_style(view: Callable[..., Any]) -> Callable[..., Any]:
    """Swagger UI writes style attributes: allowed on this page only."""
    return csp_update({"style-src": [SELF, "'unsafe-inline'"]})(view)
