"""How the business says no."""


class Refusal(Exception):
    """A request that is understood and refused. The API answers problem+json, a form shows it beside its cause.

    `code` is a stable word for programs, the message a sentence for people, `field` the input it speaks of.
    """

    status = 409
    code = "conflict"

    def __init__(self, detail: str, *, code: str | None = None, field: str | None = None, **extra: object) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code or self.code
        self.field = field
        self.extra = extra


class InvalidInput(Refusal):
    """The input itself is wrong: 422, naming the field."""

    status = 422
    code = "invalid"
