"""Play a recorded answer: wait as long as it took, raise what it raised, hand out its events at their offsets."""

from __future__ import annotations

import json
import threading
from collections.abc import AsyncIterator, Iterator
from types import ModuleType
from typing import Any

import anyio

from .matching import NotRecorded
from .recording import Request, Response
from .source import Source

_JSON = json.JSONEncoder(ensure_ascii=False)  # one for all: json.dumps would make one each time


def json_bytes(value: Any) -> bytes:
    """A body as it travels."""
    return _JSON.encode(value).encode()


class Player:
    """One recorded answer on its way to the reader; also the body that the reader reads. A close takes effect at once."""

    def __init__(
        self, source: Source, lib: ModuleType, request: Any, asked: Request, answer: Response, origin: str
    ) -> None:
        self.source, self.lib, self.request, self.answer = source, lib, request, answer
        self.entry = source.log.sent(asked, origin)
        self.entry.recorded_from = answer.get("source", "")
        self.began = source.clock.now()
        read_limit = (request.extensions.get("timeout") or {}).get("read")
        self.limit_ms = float("inf") if read_limit is None else read_limit * 1000
        stream = answer.get("events") or answer.get("pieces")
        self.head_ms = answer["ms"] if "ms" in answer else stream[0][0] if stream else 0
        self.wait_s = self._scaled(min(self.head_ms, self.limit_ms))
        self.closed = threading.Event()
        self.woken: anyio.Event | None = None
        self._left = self._parts()  # one for all readers: openai 3 reads on behind [DONE], as if from a connection

    def response(self) -> Any:
        """The answer as the library's Response; raises what was recorded, or a time-out on the recorded clock."""
        log, answer, late = self.source.log, self.answer, self.head_ms > self.limit_ms
        if late or "status" not in answer:
            name = "ReadTimeout" if late else answer["failure"]
            log.fail(self.entry, name, min(self.head_ms, self.limit_ms))
            raise self._failure(name)
        headers = dict(answer.get("headers") or {})
        log.head(self.entry, answer["status"], self.head_ms, headers.get("x-generation-id"))
        self._retry(headers)
        return self.lib.Response(
            answer["status"],
            headers=list(headers.items()),
            stream=self,
            request=self.request,
            extensions={"http_version": b"HTTP/1.1", "cookbook": self.entry},
        )

    def _failure(self, name: str) -> Exception:
        """The recorded failure as the library's exception of that name."""
        kind = getattr(self.lib, name, None)
        if not (isinstance(kind, type) and issubclass(kind, self.lib.TransportError)):
            kind = self.lib.TransportError
        return kind(self.answer.get("message") or "no answer within the time-out", request=self.request)

    def _retry(self, headers: dict[str, str]) -> None:
        """Without waiting (speed 0) the SDK must not wait either; a `retry-after: 0` alone does not stop its sleep."""
        status = self.answer["status"]
        if status in (408, 409, 429) or status >= 500:
            wait = headers.get("retry-after", "")
            if wait.isascii() and wait.isdigit() and len(wait) < 10:
                self.source.log.pause(self.entry, int(wait))
            if self.source.speed == 0:
                headers["retry-after-ms"] = "1"

    # --- the body ---

    def __iter__(self) -> Iterator[bytes]:
        before = self.head_ms
        for at, text in self._left:
            if self.source.clock.wait(self._due(at, before), self.closed):
                return
            before = at
            yield self._handed(at, text)
        self._finish()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        self.woken = anyio.Event()
        before = self.head_ms
        for at, text in self._left:
            await self.source.clock.wait_async(self._due(at, before), self.woken)
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

    def _parts(self) -> Iterator[tuple[float, str | bytes]]:
        answer = self.answer
        if "events" in answer:
            yield from ((at, text + "\n\n") for at, text in answer["events"])
            return
        if "pieces" in answer:
            yield from ((at, piece) for at, piece in answer["pieces"])
            return
        body = answer["body"]
        if isinstance(body, bytes):  # a film of the stand-in
            yield answer.get("ms", 0), body
            return
        plain = isinstance(body, str) and "json" not in (answer.get("headers") or {}).get("content-type", "")
        yield answer.get("ms", 0), body if plain else json_bytes(body)

    def _due(self, at: float, before: float) -> float:
        """Seconds to wait; raises where the gap is longer than the request's own time-out."""
        self._check_gap(at, before)
        return max(0.0, self._scaled(at) - (self.source.clock.now() - self.began))

    def _check_gap(self, at: float, before: float) -> None:
        if at - before > self.limit_ms:
            self.source.log.fail(self.entry, "ReadTimeout", before + self.limit_ms)
            raise self.lib.ReadTimeout("no data within the time-out", request=self.request)

    def _scaled(self, ms: float) -> float:
        """Seconds to wait for recorded milliseconds at this speed; speed 0 does not wait."""
        return ms / 1000 / self.source.speed if self.source.speed else 0.0

    def _handed(self, at: float, part: str | bytes) -> bytes:
        if isinstance(part, str) and "events" in self.answer:
            self.source.log.event(self.entry, at, part.rstrip("\n"))
        elif "pieces" in self.answer:
            self.source.log.piece(self.entry, at, len(part))
        else:
            self.source.log.end(self.entry, at, self.answer["body"])
        return part if isinstance(part, bytes) else part.encode()

    def _finish(self) -> None:
        """The end, or the place where the recording was cut: beyond that nothing is known."""
        self._log_end()
        if "failure" in self.answer and not self.closed.is_set():
            raise self._failure(self.answer["failure"])
        if self.answer.get("cut") and not self.closed.is_set():
            raise NotRecorded(
                "The recording of this stream ends here, because its reader stopped here when it was recorded."
            )

    def _log_end(self) -> None:
        came = self.entry.events or self.entry.pieces
        self.source.log.end(self.entry, came[-1][0] if came else self.head_ms)
