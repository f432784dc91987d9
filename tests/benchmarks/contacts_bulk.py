"""POST /contacts/bulk, a thousand people a request, against COPY and one merge of the same rows.

The bare side is the one of `csv_import`. The requests go one after the other over HTTP to the server as `make run`
starts it: key, scope, rate limit, JSON, every field judged, every person with the event that says they were created.
Rounds take turns, each into workspaces of their own; the median of the rounds' ratios counts.
"""

import csv
import json
import statistics
import tempfile
import time
from pathlib import Path

from tests.benchmarks import _server
from tests.benchmarks.csv_import import merge_seconds, write_people

_ROUNDS, _REQUESTS, _ROWS = 3, 6, 1_000


def run() -> tuple[float, str]:
    """Rows a second of the bulk endpoint over those of COPY and one merge."""
    rows = _REQUESTS * _ROWS
    ratios, speeds = [], []
    with tempfile.TemporaryDirectory() as folder, _server.serving() as port:
        path = write_people(Path(folder) / "people.csv", rows)
        for turn in range(_ROUNDS):
            bare = merge_seconds(path, f"bulk-bare-{turn}", rows)
            took = _bulk_seconds(port, path, f"bulk-{turn}", warm=turn == 0)
            ratios.append(bare / took)
            speeds.append(rows / took)
    note = (
        f"of COPY and one merge of the same {rows:,} people, 1,000 a request, {statistics.median(speeds):,.0f} rows/s"
    )
    return statistics.median(ratios), note


def _bulk_seconds(port: int, path: Path, slug: str, *, warm: bool) -> float:
    secret = f"gw_{slug}"
    _workspace(slug, secret)
    with path.open(encoding="utf-8") as file:
        people = [
            {("external_id" if key == "id" else key): cell for key, cell in row.items()} for row in csv.DictReader(file)
        ]
    bodies = [json.dumps({"items": people[at : at + _ROWS]}).encode() for at in range(0, len(people), _ROWS)]
    headers = [f"Authorization: Bearer {secret}", "Content-Type: application/json"]
    requests = [_server.request("POST", "/api/v1/contacts/bulk", headers, body) for body in bodies]
    if warm:
        one = json.dumps({"items": [{"external_id": "warm"}]}).encode()
        _server.ask(port, [_server.request("POST", "/api/v1/contacts/bulk", headers, one)] * 8)
    start = time.perf_counter()
    answers = _server.ask(port, requests)
    took = time.perf_counter() - start
    for status, body in answers:
        if status != 200 or any(row["status"] != 201 for row in json.loads(body)["results"]):
            raise RuntimeError(f"The server answers {status}: {body[:400]!r}")
    return took


def _workspace(slug: str, secret: str) -> None:
    from accounts.tenancy.scope import workspace_scope
    from tests.factories import accounts as factories

    workspace = factories.WorkspaceFactory(slug=slug, limits={"api_requests_per_minute": 10**9})
    with workspace_scope(workspace.pk):
        factories.ApiKeyFactory(workspace=workspace, secret=secret)
