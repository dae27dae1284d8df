"""After the weekly run with the newest packages: one GitHub issue for each broken lesson, closed when the lesson runs again.

`python tools/newest.py report.xml`, with pytest's `--junitxml` file. It calls `gh`, which needs GH_TOKEN.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as Xml

from course import lessons

LABEL = "newest"
TITLE = "With the newest packages: {} fails"
REST = "what belongs to no lesson"
"""The name under which failures are told that name no lesson."""
NO_REPORT = "the installation or the start of the tests"
Gh = Callable[..., str]


def broken(report: Path) -> dict[str, list[str]]:
    """What fails: name of a lesson, its failed tests. A missing report is a failure too."""
    if not report.exists():
        return {NO_REPORT: ["pytest wrote no report: see the log of the run"]}
    found: dict[str, list[str]] = {}
    for case in Xml.parse(report).iter("testcase"):
        if case.find("failure") is None and case.find("error") is None:
            continue
        test = f"{case.get('classname')}::{case.get('name')}"
        names = [lesson.name for lesson in lessons() if lesson.name in test or f"[{lesson.module}." in test]
        found.setdefault(names[0] if names else REST, []).append(test)
    return found


def update(failed: dict[str, list[str]], gh: Gh) -> None:
    """Open an issue for each that has none, and close those whose lesson runs again."""
    listed = gh("issue", "list", "--label", LABEL, "--state", "open", "--limit", "200", "--json", "number,title")
    there = {issue["title"]: str(issue["number"]) for issue in json.loads(listed)}
    wanted = {TITLE.format(name): tests for name, tests in failed.items()}
    for title, tests in wanted.items():
        if title not in there:
            lines = "\n".join(f"* `{test}`" for test in tests[:20])
            body = f"The weekly run failed in {len(tests)} tests, first in:\n\n{lines}\n"
            gh("issue", "create", "--label", LABEL, "--title", title, "--body", body)
    for title, number in there.items():
        if title not in wanted and title.startswith(TITLE.partition("{")[0]):
            gh("issue", "close", number, "--comment", "It runs again with the newest packages.")


def call_gh(*arguments: str) -> str:
    """What `gh` prints. Raises `subprocess.CalledProcessError`."""
    return subprocess.run(["gh", *arguments], check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    found = broken(Path(sys.argv[1]))
    update(found, call_gh)
    print(f"{len(found)} of {len(lessons())} lessons and parts fail: {', '.join(found) or 'none'}")
    sys.exit(bool(found))
