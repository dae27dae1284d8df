"""The built site for the tests that need it: where it is, and its pages."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

from course import ROOT

SITE = ROOT / "build" / "site"
MISSING = "there is no built site here: make site-test builds and tries it"


def pages() -> list[Path]:
    """Every page of the site itself; the browser edition below lite/ has tests of its own."""
    return [path for path in sorted(SITE.rglob("*.html")) if path.relative_to(SITE).parts[0] not in ("lite", "_static")]


class Page(HTMLParser):
    """What a page links to and loads (`targets`), and what it can be linked at (`anchors`)."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.targets: list[str] = []
        self.anchors: set[str] = set()
        self.feed(path.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.targets += [given[name] or "" for name in ("href", "src") if name in given]
        self.anchors |= {given[name] or "" for name in ("id", "name") if name in given}
