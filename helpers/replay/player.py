"""Play a recorded answer: wait as long as it took, raise what it raised, hand out its events at their offsets."""

from __future__ import annotations

import json
import threading
from collections.abc import AsyncIterator, Iterator
from types import ModuleType
from typing import Any

import anyio

from .recording import NotRecorded, Request, Response
from .source import Source


class Turn:
    """One recorded answer on its way to the reader: how long to wait, what to raise, what to hand over."""

    def __init__(
        self, source: Source, lib: ModuleType, request: Any, asked: Request, answer: Response, origin: str
    ) -> None:
        self.source, self.lib, self.request, self.answer = source, lib, request, answer
        self.entry = source.log.sent(asked, origin)
        self.began = source.clock.now()
        self.limit_ms = _read_limit(request)
        self.head_ms = answer["ms"] if "ms" in answer else answer["events"][0][0] if answer.get("events") else 0
        self.late = self.head_ms > self.limit_ms
        self.wait_s = _scaled(min(self.head_ms, self.limit_ms), source.speed)

    def response(self, player_type: type) -> Any:
        """The answer as the library's Response; raises what was recorded, or a time-out on the recorded clock."""
        log, answer = self.source.log, self.answer
        if self.late or "status" not in answer:
            name = "ReadTimeout" if self.late else answer["failure"]
            log.fail(self.entry, name, min(self.head_ms, self.limit_ms))
            raise self.failure(name)
        headers = dict(answer.get("headers") or {})
        log.head(self.entry, answer["status"], self.head_ms, headers.get("x-generation-id"))
        self._retry(headers)
        return self.lib.Response(
            answer["status"],
            headers=list(headers.items()),
            stream=player_type(self),
            request=self.request,
            extensions={"http_version": b"HTTP/1.1", "cookbook": self.entry},
        )

    def failure(self, name: str) -> Exception:
        """The recorded failure as the library's exception of that name."""
        kind = getattr(self.lib, name, None)
        if not (isinstance(kind, type) and issubclass(kind, self.lib.TransportError)):
            kind = self.lib.TransportError
        return kind(self.answer.get("message") or "no answer within the time-out", request=self.request)

    def _retry(self, headers: dict[str, str]) -> None:
        """Without waiting (speed 0) the SDK must not wait either; a `retry-after: 0` alone does not stop its sleep."""
        status = self.answer["status"]
        if status in (408, 409, 429) or status >= 500:
            if headers.get("retry-after", "").isdigit():
                self.source.log.pause(self.entry, int(headers["retry-after"]))
            if self.source.speed == 0:
                headers["retry-after-ms"] = "1"


class Player:
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
        plain = isinstance(body, str) and "json" not in (answer.get("headers") or {}).get("content-type", "")
        return [(answer.get("ms", 0), body if plain else json.dumps(body, ensure_ascii=False))]

    def _due(self, at: float, before: float) -> float:
        """Seconds to wait; raises where the gap is longer than the request's own time-out."""
        turn = self.turn
        if at - before > turn.limit_ms:
            turn.source.log.fail(turn.entry, "ReadTimeout", before + turn.limit_ms)
            raise turn.lib.ReadTimeout("no data within the time-out", request=turn.request)
        return max(0.0, _scaled(at, turn.source.speed) - (turn.source.clock.now() - turn.began))

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
        if "failure" in self.turn.answer and not self.closed.is_set():
            raise self.turn.failure(self.turn.answer["failure"])
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
            if self.turn.source.clock.wait(self._due(at, before), self.closed):
                return
            before = at
            yield self._handed(at, text)
        self._finish()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        self.woken = anyio.Event()
        before = self.turn.head_ms
        for at, text in self._parts():
            await self.turn.source.clock.wait_async(self._due(at, before), self.woken)
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
