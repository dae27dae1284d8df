"""One answer that a local model writes, as the pieces of a completion; the stand-in's own words step in where it fails."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..chat_request import ChatRequest
from ..output import web_search
from ..output.generate import Output
from ..output.tool_calls import ToolCall, id_of_call
from ..tokens import pieces
from .fitting import fits_schema, fits_tool
from .local_model import LocalAnswer, LocalModel, WordsFailed
from .request import body_for


@dataclass(frozen=True)
class Piece:
    """What one chunk brings: a bit of reasoning or of text."""

    text: str = ""
    reasoning: str = ""


class Writing:
    """Iterate `pieces`; afterwards `output` is everything that was said.

    `own_words`: what the stand-in says instead. `shows_thoughts`: whether reasoning belongs into this answer. `provider`:
    decides how the ids of tool calls are written.
    """

    def __init__(
        self,
        source: LocalModel,
        chat: ChatRequest,
        provider: str,
        shows_thoughts: bool,
        own_words: Output,
    ) -> None:
        self.problem = ""
        """Why the stand-in's own words stepped in, as a clause; empty while they did not."""
        self.output = Output()
        self._answer: LocalAnswer | None = None
        self._source, self._chat, self._provider = source, chat, provider
        self._shows_thoughts, self._own_words = shows_thoughts, own_words
        self._calls: dict[int, dict[str, str]] = {}
        self._stopped = False

    @property
    def model(self) -> str:
        """Who writes, as far as it is known: the server's name for it, else the setting's, else by its address."""
        return (self._answer.model if self._answer else "") or self._source.name or f"the model at {self._source.url}"

    @property
    def told(self) -> str:
        """Who wrote, as a header has it."""
        who = f"no model ({self.problem})" if self.problem else self.model
        return "".join(c if " " <= c <= "~" else "?" for c in who)[:300]

    def stop(self) -> None:
        """End it at once, also from another thread. What was said so far stays."""
        self._stopped = True
        if self._answer:
            self._answer.stop()

    def pieces(self) -> Iterator[Piece]:
        """What is said, as it is written; what must be JSON, or must be a tool call, is held back until it is seen to fit."""
        held = self._chat.wants_json or self._chat.forces_a_tool
        try:
            for piece in self._written():
                if not held:
                    yield piece
            if self._stopped:
                return
            self._check()
        except WordsFailed as problem:
            self.problem = str(problem)
            said = Output() if held else self.output
            self.output = _joined(said, self._own_words)
            yield from _pieces_of(self.output, after=said)
            return
        said = Output() if held else self.output
        found = self._own_words.found
        if found and self.output.text:
            text, notes = web_search.cited_at_end(self.output.text, found, in_text=not self._chat.wants_json)
            self.output = replace(self.output, text=text, annotations=tuple(notes), found=found)
        yield from _pieces_of(self.output, after=said)

    def _written(self) -> Iterator[Piece]:
        self._answer = self._source.ask(body_for(self._chat))
        if self._stopped:
            return
        try:
            for choice in self._answer.choices():
                piece = self._take(choice)
                if piece:
                    yield piece
                if self.output.cut:
                    return
        finally:
            self._answer.stop()

    def _take(self, choice: Mapping[str, Any]) -> Piece | None:
        """Add a chunk to the output. What of it is shown, if anything."""
        delta = choice.get("delta")
        delta = delta if isinstance(delta, dict) else {}
        for call in delta.get("tool_calls") or ():
            self._add_call(call)
        if choice.get("finish_reason") == "length":
            self.output = replace(self.output, finish="length", cut=True)
        text = _text(delta, "content")
        thought = _text(delta, "reasoning_content") or _text(delta, "reasoning")
        piece = Piece(text, thought if self._shows_thoughts else "")
        if not (piece.text or piece.reasoning):
            return None
        return self._within_limit(piece)

    def _within_limit(self, piece: Piece) -> Piece:
        """The piece, shortened where it passes the limit of the request, which counts as the stand-in counts."""
        said = replace(
            self.output,
            text=self.output.text + piece.text,
            reasoning=self.output.reasoning + piece.reasoning,
            thinks=bool(self.output.reasoning + piece.reasoning),
        )
        limit = self._chat.limit
        if limit is None or said.written_tokens <= limit:
            self.output = said
            return piece
        before = self.output
        room = max(0, limit - before.written_tokens)
        text = "".join(pieces(piece.text)[:room])
        self.output = replace(before, text=before.text + text, finish="length", cut=True)
        return Piece(text)

    def _add_call(self, call: Any) -> None:
        if not isinstance(call, dict) or not isinstance(call.get("function"), dict):
            raise WordsFailed("the tool call cannot be read")
        place = call.get("index")
        known = self._calls.setdefault(
            place if isinstance(place, int) else len(self._calls), {"name": "", "arguments": ""}
        )
        for name in known:
            known[name] += _text(call["function"], name)

    def _check(self) -> None:
        """Raise `WordsFailed` for what does not fit the request."""
        chat, output = self._chat, self.output
        calls = tuple(
            ToolCall(id_of_call(self._provider, c["name"], f"{chat.seed}{n}"), c["name"], c["arguments"] or "{}")
            for n, c in enumerate(self._calls.values())
        )
        for call in calls:
            if not fits_tool(call.name, call.arguments, chat.functions):
                raise WordsFailed(f"the call of the tool {call.name[:60]!r} does not fit")
        if chat.forces_a_tool and not calls:
            raise WordsFailed("no tool was called, although the request demands it")
        if calls:
            self.output = replace(output, calls=calls, finish="tool_calls")
        elif not (output.text or output.reasoning):
            raise WordsFailed("no word came")
        elif chat.wants_json and not output.cut and not fits_schema(output.text, chat.json_schema):
            raise WordsFailed("what was written is not the JSON that was asked for")


def _joined(said: Output, own: Output) -> Output:
    """What was said, then the stand-in's own words."""
    gap = "\n\n" if said.text and own.text else ""
    thoughts = said.reasoning + own.reasoning
    return replace(own, text=said.text + gap + own.text, reasoning=thoughts, thinks=bool(thoughts))


def _pieces_of(output: Output, after: Output) -> Iterator[Piece]:
    """The pieces of an output that were not said yet."""
    yield from (Piece(reasoning=piece) for piece in pieces(output.reasoning[len(after.reasoning) :]))
    yield from (Piece(text=piece) for piece in pieces(output.text[len(after.text) :]))


def _text(where: Mapping[str, Any], name: str) -> str:
    value = where.get(name)
    return value if isinstance(value, str) else ""
