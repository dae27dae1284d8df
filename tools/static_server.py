"""Serves a built site on loopback as a web host would: types, gzip, "not modified". `make site-serve`, `make lite-serve`."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread

TYPES = {".mjs": "text/javascript", ".js": "text/javascript", ".wasm": "application/wasm", ".ipynb": "application/json"}
LOOPBACK = "127.0.0.1"
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
        about = path.stat()
        tag = f'"{about.st_mtime_ns:x}-{about.st_size:x}"'
        if self.headers.get("If-None-Match") == tag:
            self.send_response(304)
            self.send_header("ETag", tag)
            self.end_headers()
            return
        packed = path.suffix in PACKED and "gzip" in self.headers.get("Accept-Encoding", "")
        body = _compressed(path, about.st_mtime_ns) if packed else path.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", tag)
        self.send_header("Cache-Control", "no-cache")  # the browser asks each time: who builds again sees the new site
        if packed:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.server.sent[self.path] = len(body)  # before it is sent: who has read the answer may look here at once
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing: a page asks for up to 225 files."""


class Server(ThreadingHTTPServer):
    """A site's server. `folder`: of the site, below build/ and named as the `make` that builds it. `port`: 0 takes a free
    one. `host`: the address of this machine that it listens on. `sent`: the size of what went out, by address. Raises
    `SystemExit` with one sentence."""

    daemon_threads = True
    request_queue_size = 128
    """A whole class opens the page at once."""

    def __init__(self, folder: Path, port: int = 0, host: str = LOOPBACK) -> None:
        if not (folder / "index.html").exists():
            raise SystemExit(f"build/{folder.name} is not there yet: run `make {folder.name}`.")
        try:
            super().__init__((host, port), partial(Handler, directory=str(folder)))
        except OSError as problem:
            where = f"Port {port}" if host == LOOPBACK else f"Address {host}, port {port},"
            raise SystemExit(
                f"{where} cannot be used: {problem.strerror}. Name another: make {folder.name}-serve PORT=8001"
            ) from None
        self.sent: dict[str, int] = {}

    @property
    def url(self) -> str:
        """The address of its first page."""
        return f"http://{self.server_address[0]}:{self.server_port}/"


@contextmanager
def serving(folder: Path, port: int = 0, host: str = LOOPBACK) -> Iterator[Server]:
    """The site, served until the block ends."""
    with Server(folder, port, host) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()


def show(folder: Path, arguments: list[str]) -> None:
    """Serve until Ctrl+C. `arguments`: the port, and the address to listen on; loopback and 8000 when left out. Raises
    `SystemExit` for a port that is not a number."""
    port = arguments[0] if arguments else "8000"
    host = arguments[1] if len(arguments) > 1 else LOOPBACK
    if not port.isdecimal() or int(port) > 65535:
        raise SystemExit(f"{port!r} is not a port: name a number up to 65535.")
    with serving(folder, int(port), host) as server:
        print(f"{server.url}  (Ctrl+C ends it)", flush=True)
        with suppress(KeyboardInterrupt):
            Event().wait()
