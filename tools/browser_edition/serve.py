"""Serves the finished site on loopback as a web host would: types, gzip, no cache. `make lite-serve`."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread

from .places import SITE, CannotBuild

TYPES = {".mjs": "text/javascript", ".js": "text/javascript", ".wasm": "application/wasm", ".ipynb": "application/json"}
PACKED = (".css", ".html", ".ipynb", ".js", ".json", ".md", ".mjs", ".svg", ".wasm")
"""What a web host sends compressed; wheels and Python's library are archives already."""


@cache
def _compressed(path: Path, changed: int) -> bytes:
    """A file as it is sent, compressed once. `changed`: its time stamp, so that a new build is seen."""
    return gzip.compress(path.read_bytes(), 6)


class Handler(SimpleHTTPRequestHandler):
    """One request. The server notes in `sent` how large its answer was."""

    protocol_version = "HTTP/1.1"
    extensions_map = {**SimpleHTTPRequestHandler.extensions_map, **TYPES}

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() and self.path.partition("?")[0].endswith("/") else path
        if not path.is_file():
            self.send_error(404)
            return
        packed = path.suffix in PACKED and "gzip" in self.headers.get("Accept-Encoding", "")
        body = _compressed(path, path.stat().st_mtime_ns) if packed else path.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-cache")  # who builds again sees the new site
        if packed:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.wfile.write(body)
        self.server.sent[self.path] = len(body)

    def log_message(self, *_: object) -> None:
        """Nothing: a page asks for 225 files."""


class Server(ThreadingHTTPServer):
    """The site's server. `sent`: the size of what went out, by address."""

    daemon_threads = True

    def __init__(self, port: int) -> None:
        if not (SITE / "index.html").exists():
            raise CannotBuild("The browser edition is not built yet: run `make lite`.")
        try:
            super().__init__(("127.0.0.1", port), partial(Handler, directory=str(SITE)))
        except OSError as problem:
            raise CannotBuild(
                f"Port {port} cannot be used: {problem.strerror}. Name another: make lite-serve PORT=8001"
            ) from None
        self.sent: dict[str, int] = {}


@contextmanager
def serving(port: int = 0) -> Iterator[Server]:
    """The site, served until the block ends. `port`: 0 takes a free one."""
    server = Server(port)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def main(arguments: list[str]) -> None:
    """Serve until Ctrl+C. Raises `CannotBuild` for a port that is not a number."""
    port = arguments[0] if arguments else "8000"
    if not port.isdecimal() or int(port) > 65535:
        raise CannotBuild(f"{port!r} is not a port: name a number up to 65535.")
    with serving(int(port)) as server:
        print(f"http://127.0.0.1:{server.server_port}/  (Ctrl+C ends it)", flush=True)
        with suppress(KeyboardInterrupt):
            Event().wait()
