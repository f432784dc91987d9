"""From score to mail, in seconds, while another workspace has a great campaign due.

100,000 campaign mails of one workspace are due and leave as fast as they can. Meanwhile another workspace with an
automatic program gets five high scores a second over HTTP; each is an ask that may leave at once. What counts is the
time from the POST to the mail server's "250", and the 99th percentile of it (wanted: below 5). `BENCH_CAMPAIGN` and
`BENCH_SCORES` make it shorter. The campaign must still be going on when the last ask arrives, or nothing was measured.
"""

import json
import os
import smtplib
import statistics
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.benchmarks import _server, dispatch

_CAMPAIGN = int(os.environ.get("BENCH_CAMPAIGN", "100000"))
_SCORES = int(os.environ.get("BENCH_SCORES", "120"))
_EVERY_S = 0.2
_SECRET = "gw_benchmark"
_PATIENCE_S = 60.0


def run() -> tuple[float, str]:
    """The 99th percentile in seconds."""
    from tests.benchmarks import _campaign

    contacts, addresses = _campaign.make_prompt(key=_SECRET, people=_SCORES)
    _campaign.make_due(_CAMPAIGN)
    with dispatch.sink() as port, _server.serving() as web, dispatch.product(port):
        _wait_for_the_first(port)
        asked = _post(web, contacts)
        came = _wait_for(port, addresses)
        left = _CAMPAIGN - (dispatch.taken(port)[0] - len(came))
    if left <= 0:
        raise RuntimeError("The campaign was over before the last ask: make it longer with BENCH_CAMPAIGN.")
    seconds = sorted(came[address] - start for address, start in zip(addresses, asked, strict=True))
    worst, middle = seconds[-1], statistics.median(seconds)
    p99 = seconds[max(0, round(len(seconds) * 0.99) - 1)]
    note = f"s from score to mail (p99 of {len(seconds)}; median {middle:.2f}, worst {worst:.2f})"
    return p99, f"{note} beside {_CAMPAIGN} due campaign mails of another workspace, {left} of them left at the end"


def _wait_for_the_first(port: int) -> None:
    until = time.monotonic() + _PATIENCE_S
    while not dispatch.taken(port)[0]:
        if time.monotonic() > until:
            raise RuntimeError("No campaign mail leaves.")
        time.sleep(0.1)


def _post(web: int, contacts: list[str]) -> list[float]:
    """When each score was posted."""
    asked = []
    for contact in contacts:
        asked.append(time.monotonic())
        headers = [f"Authorization: Bearer {_SECRET}", "Content-Type: application/json"]
        # Given some hours ago, so that it may leave now on a Sunday, too, instead of waiting for Monday.
        at = datetime.now(UTC) - timedelta(hours=20)
        body: dict[str, Any] = {"contact": {"id": contact}, "metric": "nps", "score": 10, "responded_at": str(at)}
        [(status, answer)] = _server.ask(
            web, [_server.request("POST", "/api/v1/responses", headers, json.dumps(body).encode())]
        )
        if status != 201:
            raise RuntimeError(f"{status}: {answer!r}")
        time.sleep(max(0.0, asked[-1] + _EVERY_S - time.monotonic()))
    return asked


def _wait_for(port: int, addresses: list[str]) -> dict[str, float]:
    """When the mail server took the mail to each address."""
    until = time.monotonic() + _PATIENCE_S
    while True:
        with smtplib.SMTP("127.0.0.1", port, local_hostname="bench") as smtp:
            _code, words = smtp.docmd("XLOG")
        came = {address: float(at) for address, at in (line.split() for line in words.decode().splitlines()[:-1])}
        if came.keys() >= set(addresses):
            return came
        if time.monotonic() > until:
            raise RuntimeError(f"Of {len(addresses)} asks {len(came)} arrived.")
        time.sleep(0.5)
