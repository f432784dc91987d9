"""What a file's headers say by themselves: how it was read the last time, which tool wrote it, what its names mean."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from accounts.imports import registry
from accounts.imports.cells import ADDED
from accounts.imports.exports import EXPORTS, Export
from accounts.imports.mapping import by_name, missing_columns, places_of
from accounts.imports.models import ImportJob, SavedMapping
from accounts.imports.registry import Kind
from accounts.imports.tables import plain_name
from accounts.tenancy.models import Workspace


@dataclass(frozen=True)
class Suggestion:
    """How a file would be read. `source` says how we know: "saved", the name of a tool, or "" for the names alone."""

    kind: str = ""
    columns: dict[str, int] = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    chosen_formats: dict[str, dict[str, Any]] = field(default_factory=dict)
    sub_header: bool = False
    source: str = ""


def suggest(*, workspace: Workspace, header: Sequence[str], kind: str) -> Suggestion:
    """The best guess of what a file is; of this `kind` where one is given."""
    saved = SavedMapping.objects.filter(workspace=workspace, signature=signature(header)).first()
    if saved is not None and kind in ("", saved.kind) and registry.find(saved.kind):
        return _of_saved(saved, header)
    export = recognize(header, kind)
    if export is not None:
        return _of_export(export, header)
    wanted = registry.find(kind) or _likely(header)
    return Suggestion(wanted.name, by_name(wanted, places_of(header)[0], {})) if wanted else Suggestion()


def recognize(header: Sequence[str], kind: str = "") -> Export | None:
    """The tool that writes such headers, and what for."""
    names = set(places_of(header)[0])
    return next((one for one in EXPORTS if kind in ("", one.kind) and one.fits(names)), None)


def signature(header: Sequence[str]) -> str:
    """The same for every file with these headers, whatever their case and marks, mended rows included."""
    names = [plain_name(name) for name in header if plain_name(name) not in ADDED]
    return hashlib.sha256("|".join(names).encode()).hexdigest()


def remember(*, job: ImportJob, now: datetime) -> SavedMapping:
    """Keep how this file is read for the next one with its headers."""
    told = {
        "kind": job.kind,
        "columns": {name: job.header[at] for name, at in job.columns.items()},
        "attributes": {job.header[int(at)]: name for at, name in job.attributes.items()},
        "constants": job.constants,
        "chosen_formats": job.chosen_formats,
        "used_at": now,
    }
    saved, _new = SavedMapping.objects.update_or_create(
        workspace=job.workspace, signature=signature(job.header), defaults=told
    )
    return saved


def _of_saved(saved: SavedMapping, header: Sequence[str]) -> Suggestion:
    places = places_of(header)[0]
    columns = {
        name: places[plain_name(written)] for name, written in saved.columns.items() if plain_name(written) in places
    }
    attributes = {
        str(places[plain_name(written)]): name
        for written, name in saved.attributes.items()
        if plain_name(written) in places
    }
    export = recognize(header, saved.kind)
    return Suggestion(
        saved.kind,
        columns,
        attributes,
        saved.constants,
        saved.chosen_formats,
        sub_header=bool(export and export.sub_header),
        source="saved",
    )


def _of_export(export: Export, header: Sequence[str]) -> Suggestion:
    kind = registry.find(export.kind)
    places = places_of(header)[0]
    columns = export.columns_in(places)
    # What the tool's own words leave open, the usual names may tell.
    columns = by_name(kind, places, columns, export.constants) if kind else columns
    return Suggestion(
        export.kind, columns, constants=dict(export.constants), sub_header=export.sub_header, source=export.tool
    )


def _likely(header: Sequence[str]) -> Kind | None:
    """The kind whose needs these headers fill and of which they tell most."""
    places = places_of(header)[0]
    best: tuple[int, Kind] | None = None
    for name in registry.names():
        kind = registry.find(name)
        if kind is None:
            continue
        found = by_name(kind, places, {})
        if not missing_columns(kind, found) and (best is None or len(found) > best[0]):
            best = (len(found), kind)
    return best[1] if best else None


def is_remembered(job: ImportJob) -> bool:
    """Whether a file with these headers was imported before."""
    return SavedMapping.objects.filter(workspace=job.workspace, signature=signature(job.header)).exists()


def tool_of(job: ImportJob) -> str:
    """The tool that wrote the job's file, as far as its headers tell."""
    export = recognize(job.header, job.kind)
    return export.tool if export else ""
