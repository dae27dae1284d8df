"""Hand out an answer whose words a local model is writing: piece by piece, as they come."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

from .player import Player, json_bytes


class LivePlayer(Player):
    """Nothing is replayed here, so the speed has no effect. A close takes effect at once, also while a word is awaited."""

    def __init__(self, *about: Any) -> None:
        super().__init__(*about)
        self.live = self.answer["live"]
        self.entry.written_by = self.live.written_by

    def __iter__(self) -> Iterator[bytes]:
        before = 0.0
        for at, part in self.live:
            yield self._passed(at, before, part)
            before = at
        self._finish()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """In asyncio. The local server is read in a thread, so that other tasks go on."""
        before = 0.0
        while (one := await asyncio.to_thread(next, self.live, None)) and not self.closed.is_set():
            yield self._passed(one[0], before, one[1])
            before = one[0]
        self._finish()

    def close(self) -> None:
        super().close()
        self.live.close()

    def _passed(self, at: float, before: float, part: Any) -> bytes:
        """One event, or the whole body. Raises where it came later than the request's own time-out allows."""
        self._check_gap(at, before)
        if self.live.streamed:
            self.source.log.event(self.entry, at, part)
            return f"{part}\n\n".encode()
        self.source.log.end(self.entry, at, part)
        return json_bytes(part)
