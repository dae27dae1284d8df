"""The layer under the SDK: class-level patches of httpx2 and httpx that play recorded answers or listen to real ones.

The reader's client stays the reader's: `OpenAI(base_url=…, api_key=…)`, with no special argument.
"""

from __future__ import annotations

import importlib
import importlib.util
import re
from collections.abc import Iterator
from types import ModuleType
from typing import Any
from urllib.parse import unquote
from urllib.request import getproxies, proxy_bypass

from openrouter_standin.names import LOOPBACK

from .live_player import LivePlayer
from .matching import describe
from .player import Player
from .recorder import Recorder
from .recording import Request, Response
from .source import Source

LIBRARIES = ("httpx2", "httpx")


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
        live_type = type("LivePlayer", (LivePlayer, lib.SyncByteStream, lib.AsyncByteStream), {})
        recorder_type = type("Recorder", (Recorder, lib.SyncByteStream, lib.AsyncByteStream), {})
        source = self.source

        def player_of(request: Any, asked: Request, answer: Response, origin: str) -> Player:
            kind = live_type if "live" in answer else player_type
            return kind(source, lib, request, asked, answer, origin)

        def handle_request(transport: Any, request: Any) -> Any:
            if source.reach(request.url.host) != "ours":
                _check_host(source, lib, request)
                return original(transport, request)
            asked = _describe(source, request, request.read())
            found = source.offline(asked)
            if found:
                player = player_of(request, asked, *found)
                source.clock.wait(player.wait_s)
                return player.response()
            recorder = recorder_type(self.open, source, asked)
            try:
                return recorder.listen(original(_aimed(source, request, transport, lib.HTTPTransport), request))
            except lib.TransportError as failure:
                recorder.fail(failure)
                raise

        async def handle_async_request(transport: Any, request: Any) -> Any:
            if source.reach(request.url.host) != "ours":
                _check_host(source, lib, request)
                return await original_async(transport, request)
            asked = _describe(source, request, await request.aread())
            found = source.offline(asked)
            if found:
                player = player_of(request, asked, *found)
                await source.clock.wait_async(player.wait_s)
                return player.response()
            recorder = recorder_type(self.open, source, asked)
            try:
                aimed = _aimed(source, request, transport, lib.AsyncHTTPTransport)
                return recorder.listen(await original_async(aimed, request))
            except lib.TransportError as failure:
                recorder.fail(failure)
                raise

        for owner, name, new in (
            (lib.HTTPTransport, "handle_request", handle_request),
            (lib.AsyncHTTPTransport, "handle_async_request", handle_async_request),
        ):
            self._undo.append((owner, name, getattr(owner, name)))
            setattr(owner, name, new)


def _check_host(source: Source, lib: ModuleType, request: Any) -> None:
    """Refuse a host that may not be reached, as an ordinary connection error: anything else would kill the background
    threads of trace exporters loudly."""
    if source.reach(request.url.host) == "refuse":
        raise lib.ConnectError(
            f"the course replays recorded answers and lets nothing out to {request.url.host}", request=request
        )


SECRET_HEADERS = frozenset((b"api-key", b"x-api-key", b"x-goog-api-key", b"proxy-authorization", b"cookie"))
SECRET_QUERY = re.compile(r"(?i)[?&][^=&]*(?:key|token|secret|password)[^=&]*=([^&]+)")


def _describe(source: Source, request: Any, body: bytes) -> Request:
    key = source.key_of(request.headers.get("authorization"))
    path = request.url.raw_path.decode()
    headers = {}
    for name, value in request.headers.raw:
        # only the few that matter: decoding all of them takes as long as the rest of a replayed request
        lower = name.lower()
        if lower[:12] in (b"x-openrouter", b"content-type"):
            headers[name.decode()] = value.decode()
        elif lower in SECRET_HEADERS:
            for secret in re.split(r"[ ;=]+", value.decode("latin-1")):
                source.learn(secret)
    for secret in _secrets_in_address(request.url, path):
        source.learn(secret)
    return describe(request.method, path, request.url.host, headers, body, key, source.attach)


def _secrets_in_address(url: Any, path: str) -> Iterator[str]:
    """The password of an address, and the keys in its query."""
    if url.userinfo:
        yield from unquote(url.userinfo.decode("latin-1")).split(":", 1)
    if "?" in path:
        yield from map(unquote, SECRET_QUERY.findall(path))


def _aimed(source: Source, request: Any, transport: Any, kind: type) -> Any:
    """Point the request at the server that is asked, and give the transport that leads there.

    The client chose its transport for the address it was given; where the request goes elsewhere, that address decides
    about proxies. Plain bytes are asked for, because events are kept as they come.
    """
    request.headers["accept-encoding"] = "identity"
    address = source.address(request.url.host)
    if not address:
        return transport
    request.url = request.url.copy_with(**address)
    request.headers["host"] = request.url.netloc.decode()
    direct = request.url.host in LOOPBACK or proxy_bypass(request.url.host)
    proxies = {} if direct else getproxies()
    # reading the certificates of the world takes longer than most answers: only where they are needed
    return kind(proxy=proxies.get(request.url.scheme) or proxies.get("all"), verify=request.url.scheme == "https")
