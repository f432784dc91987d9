"""A page as axe sees it, by day and by night."""

import gzip
import json
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, Response

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What a theme can change; everything else is the same by day and by night.
BY_NIGHT = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
BY_DAY = {"runOnly": {"type": "tag", "values": RULES}}
LOOK = "async (how) => (await axe.run(document, { ...how, resultTypes: ['violations'] })).violations"


@cache
def axe_source() -> str:
    return AXE.read_text()


class Eyes:
    """Walks through the product in one browser and remembers what it could not read: `found` holds a line for each."""

    def __init__(self, page: Page, base: str) -> None:
        self.page, self.base = page, base
        self.found: list[str] = []
        self._seen: set[str] = set()
        page.set_default_timeout(15_000)

    def open(self, path: str, status: int = 200) -> None:
        """Go to an address and look; a page that another address led to already is not looked at again."""
        answer = self.page.goto(self.base + path)
        assert answer is not None
        assert answer.status == status, (path, answer.status)
        here = urlsplit(self.page.url)
        assert path.startswith("/accounts/") or not here.path.startswith("/accounts/"), f"{path} led to {here.path}"
        if self.page.url not in self._seen:
            self._seen.add(self.page.url)
            self.look(path)

    def look(self, label: str) -> None:
        """Both themes of what stands on the screen now."""
        self.page.evaluate(axe_source())
        for scheme, how in (("light", BY_DAY), ("dark", BY_NIGHT)):
            self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            self._note(label, scheme, self.page.evaluate(LOOK, how))
        self.page.emulate_media(color_scheme="light", reduced_motion="reduce")

    def _note(self, label: str, scheme: str, violations: list[dict]) -> None:
        for one in violations:
            if one["impact"] in ("serious", "critical"):
                self.found += [
                    f"{label} ({scheme}): {one['id']}: {json.dumps(node['target'])} {node['failureSummary']}"
                    for node in one["nodes"]
                ]


def weight(browser: Browser, url: str) -> int:
    """Bytes that somebody who comes for the first time is sent: text gzipped, fonts and pictures as they are."""
    with browser.new_context() as context:
        page, answers = context.new_page(), []
        page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 -- it takes no builtin
        page.goto(url, wait_until="networkidle")
        return sum(_sent(answer) for answer in answers)


def _sent(answer: Response) -> int:
    body = answer.body()
    is_packed = answer.header_value("content-type") in ("font/woff2", "image/png")
    return len(body) if is_packed else len(gzip.compress(body))
