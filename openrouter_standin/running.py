"""`StandIn`: the stand-in as a server on a free loopback port, for the tests of any program."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any

from .billing.ledger import PastUsage
from .faults import Faults
from .output.script import UNSCRIPTED, Script
from .server import Server
from .state import State
from .words.local_model import LocalModel

KEPT = 1000
"""Requests that are kept at most."""


class ReceivedRequest(dict[str, Any]):
    """The JSON object that a request carried (empty for any other body), with `method`, `path` and `headers` beside it."""

    def __init__(self, request: Mapping[str, Any]) -> None:
        body = request["body"]
        super().__init__(body if isinstance(body, dict) else {})
        self.method: str = request["method"]
        self.path: str = request["path"]
        self.headers: dict[str, str] = request["headers"]


class StandIn:
    """An offline OpenRouter that listens on this machine until the block ends.

        with StandIn(script={"Hi": "Hello"}) as standin:
            client = OpenAI(base_url=standin.url, api_key=standin.key)

    `script`: what is said to which prompt: a dict, a TOML file of `[[say]]` tables, or a `Script`. `speed`: 0 answers at
    once, 1 at the nominal pace. `latency`: seconds that every whole answer takes instead. `port`: 0 picks a free one. `key`:
    the only key that is accepted. `unscripted`: what is said to any other prompt. `history`: earlier usage for reports, see
    `State`. `words`: the address of an OpenAI-compatible server on this machine, whose model (`words_model`, or the first it
    has) writes the words to prompts that are not in the script. Raises `OSError` when the port is taken, `ValueError` for a
    history or an address that cannot be.
    """

    def __init__(
        self,
        script: Script | Mapping[str, str] | Path | str | None = None,
        *,
        speed: float = 0.0,
        latency: float | None = None,
        port: int = 0,
        key: str = "sk-or-v1-standin-only-this-is-not-a-key",
        unscripted: str = UNSCRIPTED,
        history: Sequence[PastUsage | Mapping[str, Any]] = (),
        words: str | None = None,
        words_model: str = "",
    ) -> None:
        self.key = key
        self._blocks: list[Faults] = []
        self.requests: list[ReceivedRequest] = []
        """What came in, oldest first; of many the last."""
        self.heard = 0
        """How many requests came in."""
        local = LocalModel(words, words_model) if words else None
        self._state = State(script=Script.of(script, unscripted), history=history, local_model=local)
        self._server = Server(port, speed=speed, latency=latency, key=key, state=self._state, heard=self._hear)
        self._serving = ExitStack()

    def __enter__(self) -> StandIn:
        self._serving.enter_context(self._server.serving())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._serving.close()

    @property
    def url(self) -> str:
        """The base_url for an OpenAI client."""
        return self._server.url

    @property
    def script(self) -> Script:
        """What is said to which prompt: `standin.script["Hi"] = "Hello"` adds to it."""
        return self._state.script

    @script.setter
    def script(self, words: Script | Mapping[str, str] | Path | str) -> None:
        self._state.script = Script.of(words, self._state.script.unscripted)

    @property
    def state(self) -> State:
        """What it remembers: credits, keys, sessions."""
        return self._state

    def faults(self, **fields: Any) -> ExitStack:
        """From now on these faults happen: the fields of `Faults`; without any, none.

        As a context manager, until its block ends. Raises `ValueError` for a fault that cannot happen, `TypeError` for an
        unknown field.
        """
        until = ExitStack()
        if not fields:
            self._blocks.clear()
        else:
            block = Faults(**fields)
            self._blocks.append(block)
            until.callback(self._end, block)
        self._server.faults = self._blocks[-1] if self._blocks else None
        return until

    def _end(self, block: Faults) -> None:
        """A block of faults ends, in whatever order: the latest of those that are still open holds."""
        self._blocks = [open_block for open_block in self._blocks if open_block is not block]
        self._server.faults = self._blocks[-1] if self._blocks else None

    def _hear(self, request: dict[str, Any]) -> None:
        self.heard += 1
        self.requests.append(ReceivedRequest(request))
        del self.requests[:-KEPT]
