"""`manage.py doctor`: what is wrong with this installation, and what to do about it?"""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from accounts.operations import doctor
from accounts.operations.findings import Finding, Level
from accounts.operations.spans import count

_WIDTH = 12


class Command(BaseCommand):
    help = "Exits 0 if nothing is wrong, 1 if something is. It changes nothing and sends no mail."
    # What they would refuse to start with is what this explains.
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="For machines: one JSON object.")
        parser.add_argument(
            "--dkim-selector", action="append", default=[], metavar="NAME", help="The name of your DKIM key."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        found = doctor.examine(dkim_selectors=options["dkim_selector"])
        findings = self._as_json(found) if options["json"] else self._in_words(found)
        if any(finding.level == Level.WRONG for finding in findings):
            sys.exit(1)

    def _as_json(self, found: Any) -> list[Finding]:
        pairs = list(found)
        is_well = not any(finding.level == Level.WRONG for _subject, finding in pairs)
        rows = [
            {"about": subject, "level": finding.level, "says": finding.says, "do": finding.do}
            for subject, finding in pairs
        ]
        self.stdout.write(json.dumps({"ok": is_well, "findings": rows}, indent=1))
        return [finding for _subject, finding in pairs]

    def _in_words(self, found: Any) -> list[Finding]:
        findings = []
        for subject, finding in found:
            findings.append(finding)
            self.stdout.write(f"{finding.level:<{_WIDTH}}{subject:<{_WIDTH}}{finding.says}")
            if finding.do:
                self.stdout.write(f"{'':<{2 * _WIDTH}}-> {finding.do}")
        self.stdout.write(f"\n{_verdict(findings)}")
        return findings


def _verdict(findings: list[Finding]) -> str:
    number = {level: sum(finding.level == level for finding in findings) for level in Level}
    if number[Level.WRONG]:
        verdict = f"{count(number[Level.WRONG], 'thing')} wrong."
    else:
        verdict = "Nothing is wrong."
    asides = [
        f"{number[level]} {words}"
        for level, words in ((Level.WARNING, "to look at"), (Level.UNKNOWN, "could not be seen"))
        if number[level]
    ]
    return f"{verdict} ({', '.join(asides)})" if asides else verdict
