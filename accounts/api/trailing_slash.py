"""API addresses have no trailing slash; one is accepted."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

_API = "/api/v1/"


class TrailingSlashMiddleware:
    """Reads `/api/v1/me/` as `/api/v1/me`, without a redirect that would lose a POST's body."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        path = request.path_info
        if path.startswith(_API) and path.endswith("/") and path != _API:
            request.path_info = path[:-1]
        return self.get_response(request)
