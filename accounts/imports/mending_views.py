"""Refused rows: in a file, or mended in place and sent again."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from accounts.imports import actions
from accounts.imports.models import ImportJob, RefusedRow
from accounts.imports.refused import as_csv
from accounts.imports.report import RefusedLine
from accounts.imports.showing import in_words
from accounts.imports.views import ImportView
from accounts.members.lists import page_of
from accounts.tenancy import ids
from accounts.tenancy.errors import Refusal
from accounts.tenancy.scope import workspace_scope

PER_PAGE, MOST_FIELDS, BLOCK = 25, 450, 1_000


class ImportRefused(ImportView):
    """Every refused row with its line and reason, to be mended in a spreadsheet."""

    def get(self, request: Any, job_id: str) -> HttpResponseBase:
        job = self.job(job_id)
        answer = StreamingHttpResponse(_file(job), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="refused-{job.public_id}.csv"'
        return answer


class ImportMend(ImportView):
    """Refused rows in a small table, to be corrected where they stand."""

    def get(self, request: Any, job_id: str) -> HttpResponseBase:
        return self._page(self.job(job_id), {})

    def post(self, request: Any, job_id: str) -> HttpResponseBase:
        job = self.job(job_id)
        typed = _typed(job, request.POST)
        try:
            if not typed:
                raise Refusal("Tick the rows you want to send again.")
            new = actions.mend(job=job, rows=typed, by=self.actor, now=timezone.now())
        except Refusal as refusal:
            return self._page(job, typed, refusal.detail, refusal.status)
        messages.success(request, "Sent again. This is what becomes of them.")
        return self.show(new)

    def _page(
        self, job: ImportJob, typed: dict[UUID, list[str]], error: str = "", status: int = 200
    ) -> HttpResponseBase:
        waiting = job.refused_rows.filter(mended_in=None).order_by("line")
        used = _used(job)
        # A form of more fields than a request may have could not be sent.
        rows = page_of(self.request, waiting, min(PER_PAGE, MOST_FIELDS // (len(used) + 1)))
        shown = [
            (row, in_words(job, row.reason), _shown(job, row, used, typed.get(row.pk)), not typed or row.pk in typed)
            for row in rows
        ]
        return self.page(
            "accounts/imports/mend.html",
            status=status,
            job=job,
            rows=rows,
            shown=shown,
            headers=[job.header[at] or f"Column {at + 1}" for at in used],
            error=error,
        )


def _shown(job: ImportJob, row: RefusedRow, used: Sequence[int], typed: list[str] | None) -> list[tuple[int, str, str]]:
    """(position, header, text) of each column that is read."""
    cells = typed or _whole(row.cells, len(job.header))
    return [(at, job.header[at] or f"Column {at + 1}", cells[at]) for at in used]


def _used(job: ImportJob) -> list[int]:
    return sorted({*job.columns.values(), *map(int, job.attributes)})


def _typed(job: ImportJob, post: Any) -> dict[UUID, list[str]]:
    """The ticked rows, with what was typed over the cells that are shown."""
    keys = []
    for public_id in post.getlist("row"):
        with suppress(ids.BadId):
            keys.append(ids.decode(RefusedRow.prefix, public_id))
    rows = {}
    for row in job.refused_rows.filter(pk__in=keys, mended_in=None):
        cells = _whole(row.cells, len(job.header))
        for at in _used(job):
            cells[at] = post.get(f"{row.public_id}_{at}", cells[at]).replace("\0", "")
        rows[row.pk] = cells
    return rows


def _whole(cells: list[str], width: int) -> list[str]:
    return (cells + [""] * (width - len(cells)))[:width]


def _file(job: ImportJob) -> Iterator[str]:
    """The file as it is sent: the request's own scope is closed by then, so each block opens one."""
    yield "\ufeff" + as_csv([], job.header)
    last = -1
    while True:
        with workspace_scope(job.workspace_id):
            rows = list(job.refused_rows.filter(mended_in=None, line__gt=last).order_by("line")[:BLOCK])
        if not rows:
            return
        last = rows[-1].line
        yield as_csv((RefusedLine(row.line, row.reason, row.cells) for row in rows), None)
