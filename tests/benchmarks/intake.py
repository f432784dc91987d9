"""`POST /responses`, every second score high and followed by its ask, against a bare DRF POST with the same key check.

Both are asked over HTTP of the server as `make run` starts it, eight connections at once, in rounds that take turns;
the median of the rounds' ratios counts. The bare view has the project's middleware, key, scope, rate limit, parser and
renderer, sends the same body and stores nothing. Each answer comes from another person who is known already, at
another company with revenue and owner, so every 9 and 10 queues its ask, with link and mail; the counts are compared
at the end.
"""

import json
import statistics
from typing import Any

from tests.benchmarks import _server

_ROUNDS, _REQUESTS = 11, 160
_SECRET = "gw_benchmark"


def run() -> tuple[float, str]:
    """Answers taken in a second over bare POSTs a second."""
    from tests.benchmarks import _people

    workspace, contacts = _people.make(key=_SECRET, people=(_ROUNDS + 1) * _REQUESTS)
    posts = [_post("/api/v1/responses", number, contact) for number, contact in enumerate(contacts)]
    bare = [_post("/bare-post", number, contact) for number, contact in enumerate(contacts[:_REQUESTS])]
    ratios, speeds = [], []
    with _server.serving() as port:
        for turn in range(_ROUNDS + 1):
            bare_seconds = _server.seconds(port, bare, status=201)
            share = posts[turn * _REQUESTS : (turn + 1) * _REQUESTS]
            intake_seconds = _server.seconds(port, share, status=201)
            # The first turn warms the workers up.
            if turn:
                ratios.append(bare_seconds / intake_seconds)
                speeds.append(_REQUESTS / intake_seconds)
    high = len(contacts) // 2
    _people.must_be_asked(workspace, high)
    speed = statistics.median(speeds)
    note = f"of a bare DRF POST, same server and key over HTTP, {high} scores high and asked, {speed:.0f} answers/s"
    return statistics.median(ratios), note


def _post(address: str, number: int, contact: str) -> bytes:
    score = (9 + number % 4 // 2) if number % 2 else 7 - number % 8
    body: dict[str, Any] = {"contact": {"id": contact}, "metric": "nps", "score": score}
    headers = [f"Authorization: Bearer {_SECRET}", "Content-Type: application/json"]
    return _server.request("POST", address, headers, json.dumps(body).encode())
