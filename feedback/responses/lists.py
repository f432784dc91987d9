"""The list of answers. Each tells what one person said, so all of it takes the permission to read scores."""

from collections.abc import Mapping

from django.db.models import QuerySet

from accounts.lists.spec import Choice, Column, Filter, ListSpec, Sort
from accounts.members.permissions import Permission
from accounts.tenancy.models import Workspace
from feedback.responses import queries
from feedback.responses.forms import AnswerFilters
from feedback.responses.models import Response


def response_rows(workspace: Workspace, values: Mapping[str, str]) -> QuerySet[Response]:
    """Answers of the chosen period, with contact and company."""
    return queries.answers(workspace=workspace, **AnswerFilters(values).chosen())


def _choices(field: str) -> tuple[Choice, ...]:
    # django-stubs do not know that these fields are choice fields.
    return tuple(Choice(value, str(label)) for value, label in AnswerFilters.base_fields[field].choices)  # type: ignore[attr-defined]


_CELL = "feedback/responses/_cell.html"

RESPONSES = ListSpec(
    name="answers",
    url_name="feedback",
    noun="answer",
    nouns="answers",
    search="Person, company or words",
    rows=response_rows,
    columns=(
        Column("score", "Score", lambda r: r.score, template=_CELL, opt=False),
        Column("metric", "Asked about", lambda r: r.get_metric_display()),
        Column("who", "Who", lambda r: r.contact.name if r.contact else "", template=_CELL, opt=False),
        Column("company", "Company", lambda r: r.company.name if r.company else None, first=False),
        Column("comment", "Said", lambda r: r.comment, template=_CELL, opt=False),
        Column("email", "E-mail", lambda r: r.contact.email if r.contact else None, first=False),
        Column("channel", "Came by", lambda r: r.get_channel_display(), first=False),
        Column("category", "Kind of answer", lambda r: r.category, first=False),
        Column("id", "Id", lambda r: r.public_id, first=False),
        Column("when", "When", lambda r: r.responded_at, right=True, opt=False),
    ),
    sorts=(
        Sort("-responded", "Day, latest first", "responded_at", descending=True, head="when"),
        Sort("responded", "Day, oldest first", "responded_at", head="when"),
    ),
    filters=(
        Filter("period", "Period", _choices("period")),
        Filter("first", "From this day"),
        Filter("last", "To this day"),
        Filter("metric", "Metric", _choices("metric")),
        Filter("category", "Kind of answer", _choices("category")),
    ),
    whole={"period": "all"},
    permission=Permission.SCORES_READ,
)
