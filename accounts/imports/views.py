"""The import centre: a file comes, is understood, tried, carried in, reported, mended."""

from typing import Any, ClassVar

from django.contrib import messages
from django.core.files.base import ContentFile
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from accounts.imports import actions, known, registry, showing
from accounts.imports.files import BadFile
from accounts.imports.forms import ColumnChoices, StartForm, WrittenForm, kind_choices
from accounts.imports.models import ImportJob
from accounts.imports.pieces import spooled
from accounts.imports.registry import Kind
from accounts.members.lists import chosen, page_of
from accounts.members.permissions import Permission
from accounts.members.views import WorkspaceView
from accounts.tenancy.errors import Refusal
from accounts.tenancy.lookup import find_or_404

State = ImportJob.State


class ImportView(WorkspaceView):
    """A file holds people's addresses and words: who may not change customers does not see it either."""

    permission: ClassVar[Permission] = Permission.CUSTOMER_WRITE

    def job(self, job_id: str) -> ImportJob:
        """The job of the address. Raises Http404."""
        return find_or_404(self.workspace.import_jobs.select_related("created_by", "again_of", "workspace"), job_id)

    def show(self, job: ImportJob) -> HttpResponseBase:
        return redirect("import-show", self.workspace.slug, job.public_id)

    def refused(self, job: ImportJob, refusal: Refusal) -> HttpResponseBase:
        messages.error(self.request, refusal.detail)
        return self.show(job)


class ImportList(ImportView):
    """Where an import begins, and every one there was."""

    def get(self, request: Any) -> HttpResponseBase:
        kind = chosen(request, "kind", registry.names())
        return self._page(StartForm(initial={"kind": kind}))

    def post(self, request: Any) -> HttpResponseBase:
        form = StartForm(request.POST, request.FILES)
        if form.is_valid():
            file: Any = form.cleaned_data["file"] or ContentFile(form.cleaned_data["pasted"].encode(), "pasted.csv")
            field = "file" if form.cleaned_data["file"] else "pasted"
            try:
                with spooled(file) as path:
                    job = actions.receive(
                        workspace=self.workspace,
                        path=path,
                        filename=file.name or "",
                        kind=form.cleaned_data["kind"],
                        by=self.actor,
                        now=timezone.now(),
                    )
            except BadFile as error:
                form.add_error(field, str(error))
            else:
                return self.show(job)
        return self._page(form, status=422)

    def _page(self, form: StartForm, status: int = 200) -> HttpResponseBase:
        jobs = self.workspace.import_jobs.select_related("created_by").order_by("-created_at", "-pk")
        rows = page_of(self.request, jobs)
        return self.page(
            "accounts/imports/list.html",
            status=status,
            form=form,
            rows=rows,
            reports=[(job, showing.report_of(job)) for job in rows],
            kinds=registry.in_order(),
        )


class ImportTemplate(ImportView):
    """A file of the kind that `?kind=` names, with one row to copy; of companies where it names none."""

    def get(self, request: Any) -> HttpResponseBase:
        kind = registry.get(chosen(request, "kind", registry.names(), "companies"))
        answer = HttpResponse("\ufeff" + showing.template(kind), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="{kind.name}.csv"'
        return answer


class ImportShow(ImportView):
    """One import, whatever it waits for."""

    def get(self, request: Any, job_id: str) -> HttpResponseBase:
        job = self.job(job_id)
        if job.state == State.MAPPING or (job.state == State.TRIED and "columns" in request.GET):
            return mapping_page(self, job, _choices(job, chosen(request, "kind", registry.names(), job.kind)))
        if job.is_under_way:
            return self.page("accounts/imports/progress.html", **_progress(job))
        context: dict[str, Any] = {
            "job": job,
            "report": showing.report_of(job),
            "left": job.refused_rows.filter(mended_in=None).count(),
            "sent_again": list(job.sent_again.order_by("created_at")),
            "kinds": [(name, label) for name, label in kind_choices() if name != job.kind],
        }
        page = "tried" if job.state == State.TRIED else "report"
        return self.page(f"accounts/imports/{page}.html", **context)


class ImportProgress(ImportView):
    """How far it has come, asked for every two seconds; when it is over the page loads what became of it."""

    def get(self, request: Any, job_id: str) -> HttpResponseBase:
        job = self.job(job_id)
        answer = self.page("accounts/imports/_progress.html", **_progress(job))
        if not job.is_under_way:
            answer["HX-Refresh"] = "true"
        return answer


class ImportColumns(ImportView):
    """What each column tells. "Look again" shows the guesses for it, "try" keeps it and tries the whole file."""

    def post(self, request: Any, job_id: str) -> HttpResponseBase:
        job = self.job(job_id)
        kind = registry.find(request.POST.get("kind", ""))
        if kind is None:
            return self.show(job)
        choices = ColumnChoices.of_post(kind, job.header, request.POST)
        if request.POST.get("do") == "look":
            return mapping_page(self, job, choices)
        if not choices.is_sound:
            return mapping_page(self, job, choices, status=422)
        try:
            actions.choose(
                job=job,
                kind=kind.name,
                columns=choices.columns,
                attributes=choices.attributes,
                constants=_constants(job, choices),
                chosen_formats=choices.chosen_formats,
                currency=choices.currency,
            )
            actions.try_out(job=job)
        except Refusal as refusal:
            return mapping_page(self, job, choices, error=refusal.detail, status=refusal.status)
        return self.show(job)


class ImportWritten(ImportView):
    """How the bytes are written: the header is read again, and its guesses made anew."""

    def post(self, request: Any, job_id: str) -> HttpResponseBase:
        job, form = self.job(job_id), WrittenForm(request.POST)
        if not form.is_valid():
            return self.show(job)
        try:
            actions.read_again(job=job, **form.cleaned_data)
        except BadFile as error:
            messages.error(request, str(error))
        except Refusal as refusal:
            return self.refused(job, refusal)
        return self.show(job)


class ImportForget(ImportView):
    def post(self, request: Any, job_id: str) -> HttpResponseBase:
        job = self.job(job_id)
        try:
            actions.forget_mapping(job=job)
        except Refusal as refusal:
            return self.refused(job, refusal)
        messages.success(request, "Forgotten. The columns are guessed from their names again.")
        return self.show(job)


class ImportStart(ImportView):
    def post(self, request: Any, job_id: str) -> HttpResponseBase:
        job = self.job(job_id)
        try:
            actions.start(job=job, by=self.actor, now=timezone.now())
        except Refusal as refusal:
            return self.refused(job, refusal)
        return self.show(job)


class ImportCancel(ImportView):
    def post(self, request: Any, job_id: str) -> HttpResponseBase:
        job = self.job(job_id)
        try:
            actions.cancel(job=job, by=self.actor, now=timezone.now())
        except Refusal as refusal:
            return self.refused(job, refusal)
        messages.success(request, "Stopped.")
        return self.show(job)


class ImportAgain(ImportView):
    """The same file as another kind."""

    def post(self, request: Any, job_id: str) -> HttpResponseBase:
        job, kind = self.job(job_id), registry.find(request.POST.get("kind", ""))
        if kind is None:
            return self.show(job)
        try:
            new = actions.use_again(job=job, kind=kind.name, by=self.actor, now=timezone.now())
        except Refusal as refusal:
            return self.refused(job, refusal)
        return self.show(new)


def mapping_page(
    view: ImportView, job: ImportJob, choices: ColumnChoices | None, *, error: str = "", status: int = 200
) -> HttpResponseBase:
    """The columns of a file, what each tells, and its first values."""
    return view.page(
        "accounts/imports/columns.html",
        status=status,
        job=job,
        kind=choices.kind if choices else None,
        columns=showing.columns(job, choices) if choices else [],
        currency=choices.currency if choices else job.currency,
        currency_error=choices.currency_error if choices else "",
        shows_currency=bool(choices and any(field.type == "money" for field in choices.kind.fields)),
        constants=_constants(job, choices) if choices else {},
        kinds=kind_choices(),
        error=error,
        tool=known.tool_of(job),
        is_remembered=known.is_remembered(job),
        written=WrittenForm(initial={"encoding": job.encoding, "delimiter": job.delimiter}),
    )


def _choices(job: ImportJob, name: str) -> ColumnChoices | None:
    """What is known of the columns: what was said before, or a guess where the rows are of another kind."""
    kind = registry.find(name)
    if kind is None:
        return None
    if name == job.kind:
        attributes = {int(at): written for at, written in job.attributes.items()}
        return ColumnChoices(kind, job.header, dict(job.columns), attributes, dict(job.chosen_formats), job.currency)
    guess = known.suggest(workspace=job.workspace, header=job.header, kind=name)
    return ColumnChoices(kind, job.header, guess.columns, currency=job.currency)


def _constants(job: ImportJob, choices: ColumnChoices) -> dict[str, str]:
    """What every row says without a column: what the recognised tool implies, unless a column tells it."""
    kind: Kind = choices.kind
    told = job.constants if kind.name == job.kind else {}
    told = told or known.suggest(workspace=job.workspace, header=job.header, kind=kind.name).constants
    return {name: text for name, text in told.items() if name not in choices.columns}


def _progress(job: ImportJob) -> dict[str, Any]:
    return {"job": job, "report": showing.report_of(job)}
