"""Record a real answer as it passes: the reader gets every byte at once, and we note what came when."""

from __future__ import annotations

import re
import zlib
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

from .log import parsed
from .recording import Request, Response
from .source import Source

SOUND = "audio/"
"""Types of answers that are recorded as bytes, each piece with the time when it came."""
BINARY = re.compile(r"(image|video)/|application/(octet-stream|pdf|zip)")
"""Types of answers that a recording does not hold."""
BLANK_LINE = re.compile(rb"\n\n|\r\n\r\n|\r\r")
"""What ends an event of a stream."""


class Recorder:
    """Passes a real answer on as it comes, and notes when each piece came. It never delays or breaks what it passes on."""

    def __init__(self, open_recorders: set[Recorder], source: Source, asked: Request) -> None:
        self.open_recorders, self.source = open_recorders, source
        self.entry, self.keep = source.listen(asked)
        self.began = source.clock.now()
        self.pieces, self.searched, self.events, self.times = [], 0, [], []
        self.done = False

    def listen(self, response: Any) -> Any:
        """Put itself between the response and its reader."""
        self.inner, self.status = response.stream, response.status_code
        self.headers = {k.lower(): v for k, v in response.headers.items()}
        self.streamed = "event-stream" in self.headers.get("content-type", "")
        self.unzip = _decoder(self.headers.get("content-encoding", "").strip().lower())
        kind = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        self.sound = kind.startswith(SOUND)
        if BINARY.match(kind):
            self._give_up(f"is of the type {kind!r}, which is no text")
        elif self.unzip is None:
            self._give_up()
        self.source.log.head(self.entry, self.status, self._ms(), self.headers.get("x-generation-id"))
        self.open_recorders.add(self)
        response.stream = self
        response.extensions["cookbook"] = self.entry
        return response

    def fail(self, failure: Exception) -> None:
        """The connection failed: that is an answer too."""
        self.source.log.fail(self.entry, type(failure).__name__, self._ms())
        self.source.settle(self.entry)
        self.keep({"failure": type(failure).__name__, "message": str(failure), "ms": self._ms()})

    def __iter__(self) -> Iterator[bytes]:
        try:
            for data in self.inner:
                self._note(data)
                yield data
        except Exception as failure:
            self.finish(complete=False, failure=failure)
            raise
        self.finish(complete=True)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for data in self.inner:
                self._note(data)
                yield data
        except Exception as failure:
            self.finish(complete=False, failure=failure)
            raise
        self.finish(complete=True)

    def close(self) -> None:
        self.finish(complete=False)
        self.inner.close()

    async def aclose(self) -> None:
        self.finish(complete=False)
        await self.inner.aclose()

    def finish(self, complete: bool, failure: Exception | None = None) -> None:
        """Once: write down what came. A stream is complete when it ended in [DONE] or was read to its end."""
        if self.done:
            return
        self.done = True
        self.open_recorders.discard(self)
        answer: Response = {"status": self.status, "headers": self.headers}
        body, text = None, b"".join(self.pieces)
        if self.streamed:
            if text.strip():
                self._event(text.strip(b"\r\n"))
            answer["events"] = self.events
            if not failure and not complete and not (self.events and self.events[-1][1] == "data: [DONE]"):
                answer["cut"] = True
        elif self.sound:
            answer["pieces"] = [list(piece) for piece in zip(self.times, self.pieces, strict=True)]
            if not failure and not complete:
                answer["cut"] = True
        else:
            said = text.decode("utf-8", "replace")
            body = parsed(said) if said else None
            answer |= {"ms": self._ms(), "body": said if body is None else body}
        if failure:
            answer |= {"failure": type(failure).__name__, "message": str(failure)}
        self.source.log.end(self.entry, self._ms(), body)
        unread = not self.streamed and not complete and not text
        self.source.settle(self.entry)
        if self.unzip is not None and not unread:
            self.keep(answer)

    def _ms(self) -> int:
        return round((self.source.clock.now() - self.began) * 1000)

    def _note(self, data: bytes) -> None:
        if self.unzip is None:
            return
        try:
            piece = self.unzip(data)
        except zlib.error:
            self._give_up()
            return
        self.pieces.append(piece)
        if self.sound:
            self.times.append(self._ms())
            self.source.log.piece(self.entry, self.times[-1], len(piece))
        elif self.streamed and (b"\n" in piece or b"\r" in piece):
            self._take_events()
        else:
            self.searched += len(piece)  # a picture has millions of bytes without the end of a line

    def _take_events(self) -> None:
        """Note every event that is whole by now."""
        text, start = b"".join(self.pieces), 0
        for found in BLANK_LINE.finditer(text, self.searched):
            with memoryview(text)[start : found.start()] as event:  # not copied: it may have millions of bytes
                self._event(event)
            start = found.end()
        self.pieces = [text[start:]]
        self.searched = max(0, len(text) - start - 3)  # the next piece may complete a blank line that began here

    def _event(self, text: bytes | memoryview) -> None:
        at, event = self._ms(), str(text, "utf-8", "replace")
        if "\r" in event:
            event = event.replace("\r\n", "\n").replace("\r", "\n")
        self.events.append([at, event])
        self.source.log.event(self.entry, at, event)

    def _give_up(self, why: str = "") -> None:
        """The reader gets every byte all the same."""
        encoding = self.headers.get("content-encoding", "")
        why = why or f"came in the encoding {encoding!r}, which the course does not read"
        self.unzip, self.pieces = None, []
        self.source.warn(f"An answer {why}: it is passed on as it is, and not recorded; its cost is not known.")


def _decoder(encoding: str) -> Callable[[bytes], bytes] | None:
    """What makes plain bytes of a body, piece by piece; None for an encoding that is not read here. Plain bytes were asked
    for, so few servers send anything else."""
    if encoding in ("", "identity"):
        return bytes
    known = encoding in ("gzip", "x-gzip", "deflate")
    return zlib.decompressobj(zlib.MAX_WBITS | 32).decompress if known else None
