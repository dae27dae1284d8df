"""An OpenTelemetry collector on loopback that keeps what arrives: every span with its attributes, and how it was sent.

It takes OTLP over HTTP with protobuf, as OpenTelemetry's Python exporter and Langfuse send it.
"""

from __future__ import annotations

import gzip
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)

from ..session import current

LARGEST = 32_000_000
"""Bytes of one request that are read."""


class Collector:
    """`url` takes spans at any path. `spans`: what arrived, oldest first. It stops with the lesson."""

    def __init__(self) -> None:
        self.spans: list[dict[str, Any]] = []
        self.sent_to: list[tuple[str, dict[str, str]]] = []
        """Path and headers of each request, without secrets."""
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.daemon_threads, self._server.collector = True, self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), name="collector", daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Its address; an exporter adds its own path, such as /v1/traces."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def running(self) -> bool:
        return self._thread.is_alive()

    def stop(self) -> None:
        """Stop listening. What arrived stays. Twice is harmless."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()

    def take(self, path: str, headers: dict[str, str], body: bytes) -> None:
        """Keep the spans of one request."""
        asked = ExportTraceServiceRequest.FromString(body)
        clean = current().clean
        self.sent_to.append((path, {name: _hidden(name, clean(value)) for name, value in headers.items()}))
        for resource in asked.resource_spans:
            about = _attributes(resource.resource.attributes)
            for scope in resource.scope_spans:
                for span in scope.spans:
                    row = {"name": span.name, "id": span.span_id.hex(), "parent": span.parent_span_id.hex() or None}
                    told = {"scope": scope.scope.name, "resource": about, "attributes": _attributes(span.attributes)}
                    self.spans.append(clean(row | told))


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        body = self.rfile.read(min(length, LARGEST))
        status, answer = 200, ExportTraceServiceResponse().SerializeToString()
        try:
            if self.headers.get("content-encoding") == "gzip":
                body = gzip.decompress(body)
            self.server.collector.take(self.path, dict(self.headers.items()), body)
        except Exception:  # whatever is not a request of OTLP: the sender is told, and nothing is kept
            status, answer = 400, b""
        self.send_response(status)
        self.send_header("content-type", "application/x-protobuf")
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *about: Any) -> None:
        """Nothing: it would stand in the notebook."""


def _hidden(name: str, value: str) -> str:
    secret = any(word in name.lower() for word in ("auth", "key", "token", "cookie", "secret"))
    return f"{value.partition(' ')[0] if ' ' in value else ''} …".strip() if secret else value


def _attributes(given: Any) -> dict[str, Any]:
    return {one.key: _value(one.value) for one in given}


def _value(given: Any) -> Any:
    kind = given.WhichOneof("value")
    if kind == "array_value":
        return [_value(one) for one in given.array_value.values]
    if kind == "kvlist_value":
        return _attributes(given.kvlist_value.values)
    return getattr(given, kind) if kind else None


def collector(name: str = "spans") -> Collector:
    """A collector for the running lesson, empty. `name`: a second one has another; the same name is the same collector."""
    made = current().server(f"collector {name}", Collector)
    made.spans.clear()
    made.sent_to.clear()
    return made
