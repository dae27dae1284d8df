"""What the stand-in says to a request: words, tool calls, a filled form, reasoning before them, citations after them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from . import parts, reasoning, search, tools
from .endpoint import Endpoint
from .reasoning import Thinking
from .schema import Hints, example
from .tools import Call
from .words import NOBODY, Words, pieces, words_for


@dataclass(frozen=True)
class Said:
    """`finish`: stop, length or tool_calls; `cut`: whether a limit ended it (then tool arguments may be broken JSON)."""

    text: str = ""
    reasoning: str = ""
    calls: tuple[Call, ...] = ()
    annotations: tuple[dict[str, Any], ...] = ()
    finish: str = "stop"
    cut: bool = False
    thinks: bool = False
    hidden: bool = False

    @property
    def reasoning_tokens(self) -> int:
        return len(pieces(self.reasoning))

    @property
    def tokens(self) -> int:
        """Everything the model wrote: reasoning, text and the arguments of calls."""
        written = [self.reasoning, self.text, *(c.name + c.arguments for c in self.calls)]
        return sum(len(pieces(text)) for text in written)


def say(body: Mapping[str, Any], row: Mapping[str, Any], endpoint: Endpoint, seed: str) -> Said:
    """Decide what is said, then cut it where stop sequences and limits cut it.

    Raises `ValueError` when the request turns off reasoning that the model cannot do without.
    """
    limit = limit_of(body)
    thinks = reasoning.thinking(body, row, limit)
    found = words_for(row["id"], body["messages"])
    said = _content(body, row, endpoint, seed, found)
    said = _think(said, found, thinks)
    return _trim(_stopped(said, body), limit)


def limit_of(body: Mapping[str, Any]) -> int | None:
    """The most tokens the answer may have, if the request says so."""
    return body.get("max_tokens") or body.get("max_completion_tokens")


def _content(body: Mapping[str, Any], row: Mapping[str, Any], endpoint: Endpoint, seed: str, found: Words) -> Said:
    called = tools.calls(body, endpoint.provider, seed)
    if called:
        return Said(calls=called, finish="tool_calls")
    text = _form(body, found.text) or _after_tools(body, found) or found.text
    notes = parts.file_annotations(body)
    if search.searches(body):
        text, cited = search.cited(text)
        notes = cited + notes
    return Said(text=text, annotations=tuple(notes))


def _form(body: Mapping[str, Any], text: str) -> str | None:
    """Structured output: the lesson's own words if they are JSON, else an example that satisfies the schema."""
    wanted = body.get("response_format") or {}
    if wanted.get("type") not in ("json_object", "json_schema"):
        return None
    try:
        json.loads(text)
    except ValueError:
        schema = (wanted.get("json_schema") or {}).get("schema") if wanted["type"] == "json_schema" else None
        hints = Hints(tools.offered(body["messages"]))
        if schema is None:  # json_object: the keys that the prompt quotes, if it quotes any
            keys = [q for q in hints.quoted if q.isidentifier()]
            value = {key: f"example {key}" for key in keys} or {"note": NOBODY.split("\n")[0]}
        else:
            value = example(schema, hints)
        return json.dumps(value, ensure_ascii=False)
    return text


def _after_tools(body: Mapping[str, Any], found: Words) -> str | None:
    """The turn after tool results: a lesson's own words, else the results, so that a reader sees that they arrived."""
    results = tools.results(body["messages"])
    if not results:
        return None
    if found.after_tools and any(found.tool_said == text for _, text in results):
        return found.after_tools
    return "No model wrote this. The tools answered: " + "; ".join(f"{name}: {text}" for name, text in results) + "."


def _think(said: Said, found: Words, thinks: Thinking | None) -> Said:
    """Put reasoning before the answer: a lesson's own words, else fixed ones."""
    if thinks is None:
        return said
    # what nobody asked for is short, or it would leave no room for the words under a small max_tokens
    text = found.reasoning or reasoning.thought(thinks.effort if thinks.asked else "minimal")
    if thinks.budget is not None and thinks.asked:
        text = "".join(pieces(text)[: thinks.budget])
    return replace(said, reasoning=text, thinks=bool(text), hidden=thinks.exclude)


def _stopped(said: Said, body: Mapping[str, Any]) -> Said:
    stops, text = body.get("stop") or [], said.text
    for stop in [stops] if isinstance(stops, str) else stops:
        text = text.split(stop)[0] if stop else text
    return said if text == said.text else replace(said, text=text, annotations=())


def _trim(said: Said, limit: int | None) -> Said:
    """`max_tokens` counts reasoning too: with a small limit a reasoning model may have nothing left to say.

    Calls whose arguments are cut keep finish_reason tool_calls; only the native one says that a limit ended them
    (recorded 2026).
    """
    if limit is None or said.tokens <= limit:
        return said
    thought = pieces(said.reasoning)[:limit]
    left = limit - len(thought)
    kept = []
    for call in said.calls:
        arguments = pieces(call.arguments)[: max(0, left - len(pieces(call.name)))]
        left -= len(pieces(call.name)) + len(arguments)
        kept.append(replace(call, arguments="".join(arguments)))
        if left <= 0:
            break
    text = pieces(said.text)[: max(0, left)]
    called = bool(kept) and len(thought) < limit
    return replace(
        said,
        text="".join(text),
        reasoning="".join(thought),
        calls=tuple(kept) if called else (),
        annotations=(),
        finish="tool_calls" if called else "length",
        cut=True,
    )
