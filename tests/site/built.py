"""The built site for the tests that need it: where it is, its pages, and a server for a browser."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

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


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None: ...


@contextmanager
def served() -> Iterator[str]:
    """The site over HTTP on a free port of loopback, as its address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=SITE)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
