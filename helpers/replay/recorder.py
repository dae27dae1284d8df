"""Listen to a real answer as it passes: the reader gets every byte at once, and we note what came when."""

from __future__ import annotations

import json
import zlib
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

from .log import data_of, parsed
from .recording import Request, Response
from .source import Source


class Recorder:
    """Passes a real answer on as it comes, and notes when each piece came. It never delays the reader."""

    def __init__(self, open_recorders: set[Recorder], source: Source, asked: Request) -> None:
        self.open_recorders, self.source = open_recorders, source
        self.entry = self.source.log.sent(asked, "")
        self.keep = self.source.keep(asked, self.entry)
        self.began = source.clock.now()
        self.text, self.events = b"", []
        self.done = False

    def listen(self, response: Any) -> Any:
        """Put itself between the response and its reader."""
        self.inner, self.status = response.stream, response.status_code
        self.headers = {k.lower(): v for k, v in response.headers.items()}
        self.streamed = "event-stream" in self.headers.get("content-type", "")
        self.unzip = _decoder(self.headers.get("content-encoding", ""))
        self.head_ms = self._ms()
        self.source.log.head(
            self.entry, self.status, self.head_ms, self.source.clean(self.headers.get("x-generation-id"))
        )
        self.open_recorders.add(self)
        response.stream = self
        response.extensions["cookbook"] = self.entry
        return response

    def fail(self, failure: Exception) -> None:
        """The connection failed: that is an answer too."""
        self.source.log.fail(self.entry, type(failure).__name__, self._ms())
        if self.keep:
            self.keep({"failure": type(failure).__name__, "message": str(failure), "ms": self._ms()})

    def _ms(self) -> int:
        return round((self.source.clock.now() - self.began) * 1000)

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
        self.source.log.event(self.entry, at, outline(text))

    def __iter__(self) -> Iterator[bytes]:
        try:
            for data in self.inner:
                yield self._note(data)
        except Exception as failure:
            self.finish(complete=False, failure=failure)
            raise
        self.finish(complete=True)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for data in self.inner:
                yield self._note(data)
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
        headers = self.headers
        if self.streamed:
            if self.text.strip():
                self._event(self.text.decode("utf-8", "replace").strip("\n"))
            answer: Response = {"status": self.status, "headers": headers, "events": self.events}
            if failure:
                answer |= {"failure": type(failure).__name__, "message": str(failure)}
            elif not complete and not (self.events and self.events[-1][1] == "data: [DONE]"):
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


def outline(text: str) -> str:
    """An event for the log while its stream is open: who, when and what kind, but no text.

    A key may come in pieces that no single event betrays; the whole, cleaned events take its place at the end.
    """
    chunk = data_of(text)
    if not isinstance(chunk, dict):
        return text if text in (": OPENROUTER PROCESSING", "data: [DONE]") else ": …"
    kept = {k: chunk[k] for k in ("id", "model", "provider", "usage") if k in chunk}
    if isinstance(chunk.get("response"), dict):  # the Responses API
        kept["response"] = {k: chunk["response"][k] for k in ("id", "usage") if k in chunk["response"]}
    choices = chunk.get("choices")
    kept["choices"] = [_outline_choice(c) for c in choices] if isinstance(choices, list) else []
    return "data: " + json.dumps(kept)


def _outline_choice(choice: Any) -> dict[str, Any]:
    delta = choice.get("delta") if isinstance(choice, dict) else None
    said = {k: "…" for k in ("content", "reasoning", "tool_calls") if isinstance(delta, dict) and delta.get(k)}
    return {"delta": said, "finish_reason": choice.get("finish_reason") if isinstance(choice, dict) else None}
