"""An answer whose words are still being written: chunks as they come, and what they cost at the end."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from typing import Any

from ..errors import Response
from ..words.writing import Piece, Writing
from .completion import Completion, body_of, chunk_of_piece, closing_events
from .draft import Draft

Part = list[Any]
"""Milliseconds since the request, and an event's text, or the whole body."""


class LiveAnswer:
    """Iterate it: `[milliseconds, text]` pairs for a stream, else one pair with the body. `written_by`: who writes, and why
    the stand-in's own words stepped in, if they did; both are known for certain once it has been read."""

    def __init__(self, parts: Iterator[Part], written_by: Writing, streamed: bool) -> None:
        self.written_by, self.streamed = written_by, streamed
        self._parts = parts

    def __iter__(self) -> LiveAnswer:
        return self

    def __next__(self) -> Part:
        return next(self._parts)

    def stop(self) -> None:
        """End it at once, also from another thread. What was said so far is charged."""
        self.written_by.stop()

    def close(self) -> None:
        """The same, by whoever reads it."""
        self.stop()
        with contextlib.suppress(ValueError):  # another thread is reading: it ends by itself
            self._parts.close()


def live_chat(draft: Draft) -> Response:
    """A chat completion that is being written."""
    if not draft.chat.body.get("stream"):
        return live_whole(draft, lambda completion: [body_of(completion)])
    opening = draft.opening()
    return _response(draft, opening, _chunks(draft, opening))


def live_whole(draft: Draft, parts_of: Callable[[Completion], list[Any]]) -> Response:
    """An answer that is put into its form when all of it has been written. `parts_of`: the events' texts, or one body."""

    def parts() -> Iterator[Part]:
        watch = _Watched(draft)
        for _ in watch:
            pass
        ms = watch.ms
        yield from ([ms, part] for part in parts_of(watch.completed()))

    return _response(draft, draft.opening(), parts())


def _chunks(draft: Draft, opening: Completion) -> Iterator[Part]:
    watch = _Watched(draft)
    for piece in watch:
        yield [watch.ms, chunk_of_piece(opening, piece.text, piece.reasoning)]
    completion = watch.completed()
    yield from closing_events(completion, watch.ms)


class _Watched:
    """Pieces with the time at which they came; left early, what was said so far is charged."""

    def __init__(self, draft: Draft) -> None:
        self._draft, self._writing = draft, draft.writing
        self._began, self._first_ms = time.monotonic(), None

    @property
    def ms(self) -> int:
        """Milliseconds since the answer was begun."""
        return round((time.monotonic() - self._began) * 1000)

    def __iter__(self) -> Iterator[Piece]:
        try:
            for piece in self._writing.pieces():
                self._first_ms = self.ms if self._first_ms is None else self._first_ms
                yield piece
        except BaseException:  # the reader leaves, or is interrupted
            self._writing.stop()
            self.completed()
            raise

    def completed(self) -> Completion:
        ms = self.ms
        return self._draft.completed(self._writing.output, ms if self._first_ms is None else self._first_ms, ms)


def _response(draft: Draft, opening: Completion, parts: Iterator[Part]) -> Response:
    streamed = bool(draft.chat.body.get("stream"))
    headers = opening.headers("text/event-stream" if streamed else "application/json")
    return {"status": 200, "headers": headers, "live": LiveAnswer(parts, draft.writing, streamed)}
