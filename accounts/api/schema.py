"""How operations appear in the OpenAPI document."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter


class KeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "accounts.api.authentication.KeyAuthentication"
    name = "ApiKey"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "gw_..."}


class OperationSchema(AutoSchema):
    """Operations are grouped by their noun; lists show their rows, filters and cursors without being told."""

    view: Any

    def get_tags(self) -> list[str]:
        return [self.path.removeprefix("/api/v1/").split("/")[0]]

    def get_operation_id(self) -> str:
        words = [word.strip("{}") for word in self.path.removeprefix("/api/v1/").split("/")]
        verb = (
            "list" if self._lists() else {"GET": "get", "PATCH": "change", "DELETE": "remove"}.get(self.method, "post")
        )
        return "_".join([verb, *words]).replace("-", "_")

    def get_response_serializers(self) -> Any:
        return self.view.output(many=True) if self._lists() else super().get_response_serializers()

    def get_override_parameters(self) -> Any:
        if not self._lists():
            return super().get_override_parameters()
        texts = {name: f"Only rows with this {name.replace('_', ' ')}." for name in self.view.filters}
        texts["updated_since"] = "Only rows changed at or after this time (RFC 3339)."
        texts["ordering"] = "`-created_at` (newest first, the default) or `created_at`."
        return [OpenApiParameter(name, str, description=text) for name, text in texts.items()]

    def _lists(self) -> bool:
        return self.method == "GET" and hasattr(self.view, "rows")

    def _is_list_view(self, serializer: Any = None) -> bool:
        return self._lists() or super()._is_list_view(serializer)
