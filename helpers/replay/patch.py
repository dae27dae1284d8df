"""The layer under the SDK: class-level patches of httpx2 and httpx that play recorded answers or listen to real ones.

The reader's client stays the reader's: `OpenAI(base_url=…, api_key=…)`, with no special argument.
"""

from __future__ import annotations

import importlib
import importlib.util
from types import ModuleType
from typing import Any

from .player import Player, Turn
from .recorder import Recorder
from .recording import Request, describe
from .source import Source

LIBRARIES = ("httpx2", "httpx")
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Patch:
    """Stands between every HTTP client of this process and the network until `undo`."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.open: set[Recorder] = set()
        self._undo: list[tuple[type, str, Any]] = []
        for name in LIBRARIES:
            if importlib.util.find_spec(name):
                self._patch(importlib.import_module(name))

    def undo(self) -> None:
        """Give the libraries back as they were, and finish every stream that is still open."""
        for owner, name, original in self._undo:
            setattr(owner, name, original)
        self._undo.clear()
        for recorder in list(self.open):
            recorder.finish(complete=False)

    def _patch(self, lib: ModuleType) -> None:
        original, original_async = lib.HTTPTransport.handle_request, lib.AsyncHTTPTransport.handle_async_request
        player_type = type("Player", (Player, lib.SyncByteStream, lib.AsyncByteStream), {})
        recorder_type = type("Recorder", (Recorder, lib.SyncByteStream, lib.AsyncByteStream), {})
        source = self.source

        def handle_request(transport: Any, request: Any) -> Any:
            if source.reach(request.url.host) != "ours":
                return original(_allowed(source, lib, transport, request), request)
            asked = _describe(source, request, request.read())
            found = source.offline(asked)
            if found:
                turn = Turn(source, lib, request, asked, *found)
                source.clock.wait(turn.wait_s)
                return turn.response(player_type)
            recorder = recorder_type(self.open, source, asked)
            _aim(source, request)
            try:
                return recorder.listen(original(transport, request))
            except lib.TransportError as failure:
                recorder.fail(failure)
                raise

        async def handle_async_request(transport: Any, request: Any) -> Any:
            if source.reach(request.url.host) != "ours":
                return await original_async(_allowed(source, lib, transport, request), request)
            asked = _describe(source, request, await request.aread())
            found = source.offline(asked)
            if found:
                turn = Turn(source, lib, request, asked, *found)
                await source.clock.wait_async(turn.wait_s)
                return turn.response(player_type)
            recorder = recorder_type(self.open, source, asked)
            _aim(source, request)
            try:
                return recorder.listen(await original_async(transport, request))
            except lib.TransportError as failure:
                recorder.fail(failure)
                raise

        for owner, name, new in (
            (lib.HTTPTransport, "handle_request", handle_request),
            (lib.AsyncHTTPTransport, "handle_async_request", handle_async_request),
        ):
            self._undo.append((owner, name, getattr(owner, name)))
            setattr(owner, name, new)


def _allowed(source: Source, lib: ModuleType, transport: Any, request: Any) -> Any:
    """The transport, if the host may be reached. A refusal is an ordinary connection error: anything else would kill
    the background threads of trace exporters loudly."""
    if source.reach(request.url.host) == "refuse":
        raise lib.ConnectError(
            f"the course replays recorded answers and lets nothing out to {request.url.host}", request=request
        )
    return transport


def _describe(source: Source, request: Any, body: bytes) -> Request:
    key = source.key_of(request.headers.get("authorization"))
    path = request.url.raw_path.decode()
    # only the few headers that matter: decoding all of them takes as long as the rest of a replayed request
    headers = {
        k.decode(): v.decode() for k, v in request.headers.raw if k[:12].lower() in (b"x-openrouter", b"content-type")
    }
    return source.clean(describe(request.method, path, request.url.host, headers, body, key))


def _aim(source: Source, request: Any) -> None:
    """Point the request at the server that is asked; plain bytes, because events are kept as they come."""
    address = source.address()
    if address:
        request.url = request.url.copy_with(**address)
        request.headers["host"] = request.url.netloc.decode()
    request.headers["accept-encoding"] = "identity"
