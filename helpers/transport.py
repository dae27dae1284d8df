"""The layer under the SDK: class-level patches of httpx2 and httpx that play recorded answers or listen to real ones.

The reader's client stays the reader's: `OpenAI(base_url=…, api_key=…)`, with no special argument.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import threading
import time
import zlib
from collections.abc import AsyncIterator, Callable, Iterator
from types import ModuleType
from typing import Any, Protocol

import anyio

from .log import Entry, Log, parsed
from .recording import NotRecorded, Request, Response, describe

LIBRARIES = ("httpx2", "httpx")
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Source(Protocol):
    """What the layer asks its session."""

    log: Log
    speed: float

    def route(self, host: str) -> str: ...  # "ours", "pass" or "refuse"
    def key_of(self, authorization: str | None) -> str: ...
    def clean(self, value: Any) -> Any: ...
    def clean_events(self, events: list[list[Any]]) -> list[list[Any]]: ...
    def offline(self, request: Request) -> tuple[Response, str] | None: ...  # None: ask the network
    def address(self) -> dict[str, Any]: ...
    def keep(self, request: Request, entry: Entry) -> Callable[[Response], None] | None: ...


class Patch:
    """Stands between every HTTP client of this process and the network until `undo`."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.open: set[Tee] = set()
        self._undo: list[tuple[type, str, Any]] = []
        for name in LIBRARIES:
            if importlib.util.find_spec(name):
                self._patch(importlib.import_module(name))

    def undo(self) -> None:
        """Give the libraries back as they were, and finish every stream that is still open."""
        for owner, name, original in self._undo:
            setattr(owner, name, original)
        self._undo.clear()
        for tee in list(self.open):
            tee.finish(complete=False)

    def _patch(self, lib: ModuleType) -> None:
        original, original_async = lib.HTTPTransport.handle_request, lib.AsyncHTTPTransport.handle_async_request
        play_type = type("Play", (Play, lib.SyncByteStream, lib.AsyncByteStream), {})
        tee_type = type("Tee", (Tee, lib.SyncByteStream, lib.AsyncByteStream), {})
        source = self.source

        def handle_request(transport: Any, request: Any) -> Any:
            if source.route(request.url.host) != "ours":
                return original(_allowed(source, lib, transport, request), request)
            asked = _describe(source, request, request.read())
            found = source.offline(asked)
            if found:
                turn = Turn(source, lib, request, asked, *found)
                _sleep(turn.wait_s)
                return turn.response(play_type)
            tee = tee_type(self, asked)
            _aim(source, request)
            try:
                return tee.listen(original(transport, request))
            except lib.TransportError as failure:
                tee.fail(failure)
                raise

        async def handle_async_request(transport: Any, request: Any) -> Any:
            if source.route(request.url.host) != "ours":
                return await original_async(_allowed(source, lib, transport, request), request)
            asked = _describe(source, request, await request.aread())
            found = source.offline(asked)
            if found:
                turn = Turn(source, lib, request, asked, *found)
                await anyio.sleep(turn.wait_s)
                return turn.response(play_type)
            tee = tee_type(self, asked)
            _aim(source, request)
            try:
                return tee.listen(await original_async(transport, request))
            except lib.TransportError as failure:
                tee.fail(failure)
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
    if source.route(request.url.host) == "refuse":
        raise lib.ConnectError(
            f"the course replays recorded answers and lets nothing out to {request.url.host}", request=request
        )
    return transport


def _describe(source: Source, request: Any, body: bytes) -> Request:
    key = source.key_of(request.headers.get("authorization"))
    path = request.url.raw_path.decode()
    return source.clean(describe(request.method, path, request.url.host, request.headers, body, key))


def _aim(source: Source, request: Any) -> None:
    """Point the request at the server that is asked; plain bytes, because events are kept as they come."""
    address = source.address()
    if address:
        request.url = request.url.copy_with(**address)
        request.headers["host"] = request.url.netloc.decode()
    request.headers["accept-encoding"] = "identity"


def _sleep(seconds: float) -> None:
    if seconds > 0:
        threading.Event().wait(seconds)  # unlike time.sleep it gives way to an interrupt on every system


# --- play ------------------------------------------------------------------------------------------------------------


class Turn:
    """One recorded answer on its way to the reader: how long to wait, what to raise, what to hand over."""

    def __init__(
        self, source: Source, lib: ModuleType, request: Any, asked: Request, answer: Response, origin: str
    ) -> None:
        self.source, self.lib, self.request, self.answer = source, lib, request, answer
        self.entry = source.log.sent(asked, origin)
        self.began = time.monotonic()
        self.limit_ms = _read_limit(request)
        self.head_ms = answer["ms"] if "ms" in answer else answer["events"][0][0] if answer.get("events") else 0
        self.late = self.head_ms > self.limit_ms
        self.wait_s = _scaled(min(self.head_ms, self.limit_ms), source.speed)

    def response(self, play_type: type) -> Any:
        """The answer as the library's Response; raises what was recorded, or a time-out on the recorded clock."""
        log, answer = self.source.log, self.answer
        if self.late or "failure" in answer:
            name = "ReadTimeout" if self.late else answer["failure"]
            log.fail(self.entry, name, min(self.head_ms, self.limit_ms))
            kind = getattr(self.lib, name, self.lib.TransportError)
            raise kind(answer.get("message") or "no answer within the time-out", request=self.request)
        headers = dict(answer.get("headers") or {})
        log.head(self.entry, answer["status"], self.head_ms, headers.get("x-generation-id"))
        self._retry(headers)
        return self.lib.Response(
            answer["status"],
            headers=list(headers.items()),
            stream=play_type(self),
            request=self.request,
            extensions={"http_version": b"HTTP/1.1", "cookbook": self.entry},
        )

    def _retry(self, headers: dict[str, str]) -> None:
        """Without waiting (speed 0) the SDK must not wait either; a `retry-after: 0` alone does not stop its sleep."""
        status = self.answer["status"]
        if status in (408, 409, 429) or status >= 500:
            if headers.get("retry-after", "").isdigit():
                self.source.log.pause(self.entry, int(headers["retry-after"]))
            if self.source.speed == 0:
                headers["retry-after-ms"] = "1"


class Play:
    """Hands out a recorded body: events at their recorded offsets, anything else at once. A close takes effect at once."""

    def __init__(self, turn: Turn) -> None:
        self.turn = turn
        self.closed = threading.Event()
        self.woken: anyio.Event | None = None

    def _parts(self) -> list[tuple[float, str]]:
        answer = self.turn.answer
        if "events" in answer:
            return [(at, text + "\n\n") for at, text in answer["events"]]
        body = answer["body"]
        plain = isinstance(body, str) and "json" not in answer["headers"].get("content-type", "")
        return [(answer.get("ms", 0), body if plain else json.dumps(body, ensure_ascii=False))]

    def _due(self, at: float, before: float) -> float:
        """Seconds to wait; raises where the gap is longer than the request's own time-out."""
        turn = self.turn
        if at - before > turn.limit_ms:
            turn.source.log.fail(turn.entry, "ReadTimeout", before + turn.limit_ms)
            raise turn.lib.ReadTimeout("no data within the time-out", request=turn.request)
        return max(0.0, _scaled(at, turn.source.speed) - (time.monotonic() - turn.began)) if turn.source.speed else 0.0

    def _handed(self, at: float, text: str) -> bytes:
        log, entry = self.turn.source.log, self.turn.entry
        if "events" in self.turn.answer:
            log.event(entry, at, text.rstrip("\n"))
        else:
            log.end(entry, at, self.turn.answer["body"])
        return text.encode()

    def _finish(self) -> None:
        """The end, or the place where the recording was cut: beyond that nothing is known."""
        self._log_end()
        if self.turn.answer.get("cut") and not self.closed.is_set():
            raise NotRecorded(
                "The recording of this stream ends here, because its reader stopped here when it was recorded."
            )

    def _log_end(self) -> None:
        entry = self.turn.entry
        self.turn.source.log.end(entry, entry.events[-1][0] if entry.events else self.turn.head_ms)

    def __iter__(self) -> Iterator[bytes]:
        before = self.turn.head_ms
        for at, text in self._parts():
            if self.closed.wait(self._due(at, before)):
                return
            before = at
            yield self._handed(at, text)
        self._finish()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        self.woken = anyio.Event()
        before = self.turn.head_ms
        for at, text in self._parts():
            with anyio.move_on_after(self._due(at, before)):
                await self.woken.wait()
            if self.closed.is_set():
                return
            before = at
            yield self._handed(at, text)
        self._finish()

    def close(self) -> None:
        self.closed.set()
        self._log_end()

    async def aclose(self) -> None:
        self.close()
        if self.woken:
            self.woken.set()


def _scaled(ms: float, speed: float) -> float:
    """Seconds to wait for recorded milliseconds at this speed; speed 0 does not wait."""
    return ms / 1000 / speed if speed else 0.0


def _read_limit(request: Any) -> float:
    """The request's read time-out in milliseconds."""
    limit = (request.extensions.get("timeout") or {}).get("read")
    return float("inf") if limit is None else limit * 1000


# --- listen ----------------------------------------------------------------------------------------------------------


class Tee:
    """Passes a real answer on as it comes, and notes when each piece came. It never delays the reader."""

    def __init__(self, patch: Patch, asked: Request) -> None:
        self.patch, self.source = patch, patch.source
        self.entry = self.source.log.sent(asked, "")
        self.keep = self.source.keep(asked, self.entry)
        self.began = time.monotonic()
        self.text, self.events = b"", []
        self.done = False
        self.closed_early = False

    def listen(self, response: Any) -> Any:
        """Put itself between the response and its reader."""
        self.inner, self.status = response.stream, response.status_code
        self.headers = {k.lower(): v for k, v in response.headers.items()}
        self.streamed = "event-stream" in self.headers.get("content-type", "")
        self.unzip = _decoder(self.headers.get("content-encoding", ""))
        self.head_ms = self._ms()
        self.source.log.head(self.entry, self.status, self.head_ms, self.headers.get("x-generation-id"))
        self.patch.open.add(self)
        response.stream = self
        response.extensions["cookbook"] = self.entry
        return response

    def fail(self, failure: Exception) -> None:
        """The connection failed: that is an answer too."""
        self.source.log.fail(self.entry, type(failure).__name__, self._ms())
        if self.keep:
            self.keep({"failure": type(failure).__name__, "message": str(failure), "ms": self._ms()})

    def _ms(self) -> int:
        return round((time.monotonic() - self.began) * 1000)

    def _note(self, data: bytes) -> bytes:
        self.text += self.unzip(data)
        if self.streamed:
            self.text = self.text.replace(b"\r\n", b"\n")
            while b"\n\n" in self.text:
                event, self.text = self.text.split(b"\n\n", 1)
                self._event(event.decode("utf-8", "replace"))
        return data

    def _event(self, text: str) -> None:
        at = self._ms()
        self.events.append([at, text])
        self.source.log.event(self.entry, at, self.source.clean(text))

    def __iter__(self) -> Iterator[bytes]:
        for data in self.inner:
            yield self._note(data)
        self.finish(complete=True)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for data in self.inner:
            yield self._note(data)
        self.finish(complete=True)

    def close(self) -> None:
        self.finish(complete=False)
        self.inner.close()

    async def aclose(self) -> None:
        self.finish(complete=False)
        await self.inner.aclose()

    def finish(self, complete: bool) -> None:
        """Once: write down what came. A stream is complete when it ended in [DONE] or was read to its end."""
        if self.done:
            return
        self.done = True
        self.patch.open.discard(self)
        headers = self.headers
        if self.streamed:
            if self.text.strip():
                self._event(self.text.decode("utf-8", "replace").strip("\n"))
            answer: Response = {"status": self.status, "headers": headers, "events": self.events}
            if not complete and not (self.events and self.events[-1][1] == "data: [DONE]"):
                answer["cut"] = True
            self.entry.events = [(at, text) for at, text in self.source.clean_events(self.events)]
            self.source.log.end(self.entry, self._ms())
        else:
            text = self.text.decode("utf-8", "replace")
            body = parsed(text) if text else None
            self.source.log.end(self.entry, self._ms(), body)
            answer = {
                "status": self.status,
                "headers": headers,
                "ms": self._ms(),
                "body": text if body is None else body,
            }
            if not complete and not text:
                return  # nobody read it: nothing to write down
        if self.keep:
            self.keep(answer)


def _decoder(encoding: str) -> Callable[[bytes], bytes]:
    """We ask for plain bytes; a server that zips all the same is read with zlib, for the recording only."""
    if encoding in ("", "identity"):
        return bytes
    if encoding in ("gzip", "deflate"):
        return zlib.decompressobj(zlib.MAX_WBITS | 32).decompress
    raise ValueError(
        f"the server sends {encoding!r} although plain bytes were asked for: this answer cannot be recorded"
    )
