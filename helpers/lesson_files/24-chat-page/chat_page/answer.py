"""One answer on its way: read from OpenRouter, handed on piece by piece, ended at once when somebody stops it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import anyio
from openai import AsyncOpenAI

from .problems import CUT, EMPTY, ENDS, STOPPED, in_words, words_of_body

Event = tuple[str, Any]
"""What the page is told: its name, and what belongs to it."""


class Answer:
    """`text`: what was said so far. `problem`: how it ended, in words; empty where it ended well. `lost`: whether it ended
    because of an error; `status`: of OpenRouter's refusal, else 0. `cost`: US dollars, None where the usage did not come.
    `over` is told when it has ended, however that came."""

    def __init__(
        self, client: AsyncOpenAI, request: dict[str, Any], users_pay: bool, over: Callable[[Answer], None]
    ) -> None:
        self.text, self.generation, self.problem, self.lost, self.status = "", "", "", False, 0
        self.cost: float | None = None
        self._client, self._request, self._users_pay, self._tell = client, request, users_pay, over
        self._events: asyncio.Queue[Event | None] = asyncio.Queue()
        self._reading = asyncio.create_task(self._read())
        self._reading.add_done_callback(self._over)

    @property
    def writing(self) -> bool:
        """Whether it is still on its way."""
        return not self._reading.done()

    def stop(self) -> None:
        """End it. Closing the connection is what ends the work at the provider, and the charge where the provider can stop
        (docs, streaming, August 2026, list who can)."""
        if self._reading.cancel():
            self.problem = STOPPED

    async def events(self) -> AsyncIterator[Event]:
        """What the page is told until the answer ends. Left early, because the page was closed, it stops the answer."""
        try:
            while event := await self._events.get():
                yield event
        finally:
            self.stop()
            with anyio.CancelScope(shield=True):  # the connection to OpenRouter is closed first
                await asyncio.wait([self._reading])

    async def _read(self) -> None:
        try:
            stream = await self._client.chat.completions.create(stream=True, **self._request)
            async with stream:
                self.generation = stream.response.headers.get("x-generation-id", "")
                if "json" in stream.response.headers.get("content-type", ""):
                    self._fail(words_of_body(await _error_of(stream.response), self._users_pay))
                    return
                finish = None
                async for chunk in stream:
                    finish = self._take(chunk) or finish
            self._end(finish)
        except Exception as problem:  # also what httpx raises in the middle of a stream, which the SDK passes on
            self.status = getattr(problem, "status_code", 0)
            self._fail(in_words(problem, self._users_pay))

    def _over(self, reading: asyncio.Task[None]) -> None:
        self._tell(self)
        self._events.put_nowait(None)

    def _take(self, chunk: Any) -> str | None:
        """One chunk; its finish reason. The usage comes in the last one, and says what the answer cost."""
        self.generation = self.generation or chunk.id
        if chunk.usage is not None:
            self.cost = getattr(chunk.usage, "cost", None)
        for choice in chunk.choices or []:
            if choice.delta.content:
                self.text += choice.delta.content
                self._events.put_nowait(("piece", choice.delta.content))
            elif getattr(choice.delta, "reasoning", None):
                self._events.put_nowait(("thinking", None))
            if getattr(choice, "error", None):  # the SDK raises for an error beside the choices only
                self._fail(words_of_body(choice.error, self._users_pay))
            return choice.finish_reason
        return None

    def _end(self, finish: str | None) -> None:
        """The stream is over: whether the answer is."""
        if self.problem:
            return
        if finish is None or finish == "error":
            self._fail(CUT)
        else:
            self.problem = ENDS.get(finish, "") or ("" if self.text else EMPTY)

    def _fail(self, words: str) -> None:
        self.problem, self.lost = words, True


async def _error_of(response: Any) -> Any:
    """The error in the body of a 200 that should have been a stream."""
    await response.aread()
    body = response.json()
    return body.get("error") if isinstance(body, dict) else None


async def cost_of(client: AsyncOpenAI, generation: str) -> float | None:
    """What an answer cost that was stopped before its usage came; None while OpenRouter does not know it yet, which takes a
    minute or more (docs, usage accounting, August 2026)."""
    try:
        found: Any = await client.with_options(timeout=10).get(
            "/generation", cast_to=object, options={"params": {"id": generation}}
        )
        return found["data"]["total_cost"]
    except Exception:  # asked again later
        return None
