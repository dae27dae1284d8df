"""What is said to a request: words, tool calls, a filled form, reasoning before them, citations after them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from .. import content_parts
from ..chat_request import ChatRequest
from ..endpoint import Endpoint
from ..errors import unfillable
from ..faults import Faults
from ..search_request import SearchRequest
from ..tokens import last_user_text, pieces
from . import healing, media, reasoning, tool_calls, web_search
from .hints import Hints
from .prompted_schema import prompted_schema
from .reasoning import Thinking
from .schema import Unfillable, example
from .script import Line, Script
from .tool_calls import ToolCall
from .web_search import Found


@dataclass(frozen=True)
class Output:
    """What a model would have written.

    `finish`: stop, length or tool_calls; `cut`: whether a limit ended it (then tool arguments may be broken JSON);
    `thinks`: whether there is reasoning; `hidden`: whether it is counted but not shown. `pictures`: data URLs, which count
    as `picture_tokens`; `spoken`: whether the text is spoken, too (then it is the transcript), with `sound`: what each piece
    of it sounds like, base64 of samples; a tone without. `found`: what a web search found.
    """

    text: str = ""
    reasoning: str = ""
    calls: tuple[ToolCall, ...] = ()
    annotations: tuple[dict[str, Any], ...] = ()
    finish: str = "stop"
    cut: bool = False
    thinks: bool = False
    hidden: bool = False
    pictures: tuple[str, ...] = ()
    picture_tokens: int = 0
    spoken: bool = False
    sound: tuple[str, ...] = ()
    found: Found | None = None

    @property
    def audio_tokens(self) -> int:
        """Nominal tokens of the sound."""
        if self.sound:
            return media.tokens_of(self.sound)
        return media.TOKENS_A_CHUNK * len(pieces(self.text)) if self.spoken else 0

    @property
    def reasoning_tokens(self) -> int:
        return len(pieces(self.reasoning))

    @property
    def tokens(self) -> int:
        """Everything that was made: reasoning, text, the arguments of calls, pictures and sound."""
        return self.written_tokens + self.picture_tokens + self.audio_tokens

    @property
    def written_tokens(self) -> int:
        written = [self.reasoning, self.text, *(c.name + c.arguments for c in self.calls)]
        return sum(len(pieces(text)) for text in written)


def generate_output(chat: ChatRequest, row: Mapping[str, Any], endpoint: Endpoint, script: Script) -> Output:
    """Decide what is said, then cut it where stop sequences and limits cut it.

    `row`: the model's row of the catalogue. Raises `ApiError` when the request turns off reasoning that the model cannot
    do without.
    """
    thinks = reasoning.thinking_for(chat, row, chat.limit)
    line = script.line_for(row["id"], chat.messages, endpoint.tag)
    output = _with_reasoning(_content(chat, row, endpoint, line, script), line, thinks)
    if "text" not in content_parts.wanted_output(chat.body, row):
        output = replace(output, text="", annotations=())
    output = _cut_at_limit(_cut_at_stop(output, chat.body.get("stop") or []), chat.limit)
    return _with_media(output, chat, row, line)


def spoilt(output: Output, faults: Faults) -> Output:
    """What is left of an answer that a filter stops half-way, or whose tool call nobody can read (faults on demand)."""
    if faults.malformed_call:
        return Output(finish="error")
    if faults.filtered:
        written = pieces(output.text)
        return Output(text="".join(written[: len(written) // 2]), finish="content_filter")
    return output


def _content(chat: ChatRequest, row: Mapping[str, Any], endpoint: Endpoint, line: Line, script: Script) -> Output:
    called = tool_calls.calls_for(chat, endpoint.provider, line)
    if called:
        return Output(calls=called, finish="tool_calls")
    text = line.text if line.broken else _form(chat, line.text, script) or _after_tools(chat, line)
    text = text or (_form_in_prompt(chat) if line.text == script.unscripted else None) or line.text
    if chat.wants_json and healing.is_asked(chat.body):
        text = healing.healed(text)
    notes = [file.annotation for file in chat.files_at(row["id"]) if file.is_parsed]
    found = _searched(chat, endpoint, line, script)
    if found:
        text, cited = web_search.cited(text, found, line.not_found or script.unscripted, not chat.wants_json)
        notes = cited + notes
    return Output(text=text, annotations=tuple(notes), found=found)


def _searched(chat: ChatRequest, endpoint: Endpoint, line: Line, script: Script) -> Found | None:
    """What a web search finds, where one is asked for and the model would make one."""
    settings = chat.search_settings
    wanted = line.searches if chat.search_tool else 1
    if settings is None or not wanted:
        return None
    native = web_search.native_price(endpoint.pricing)
    request = SearchRequest.of(settings, endpoint.provider, native > 0)
    return web_search.find(last_user_text(chat.messages), wanted, request, script.web, native)


def _form(chat: ChatRequest, text: str, script: Script) -> str | None:
    """Structured output: the script's own words if they are JSON, else an example that satisfies the schema."""
    if not chat.wants_json:
        return None
    try:
        json.loads(text)
        return text
    except ValueError:
        schema = chat.json_schema
        asked = prompted_schema(chat.messages) if schema is None else None
        schema = asked.schema if asked else schema
        hints = Hints(tool_calls.offered(chat.messages))
        try:
            value = _object_of(hints, script) if schema is None else example(schema, hints)
        except Unfillable as problem:
            raise unfillable("response_format.json_schema", problem) from None
        return json.dumps(value, ensure_ascii=False)


def _with_media(output: Output, chat: ChatRequest, row: Mapping[str, Any], line: Line) -> Output:
    """A picture or a voice, where `modalities` asks for one. A picture in the prompt is edited, the last one of several."""
    wanted = content_parts.wanted_output(chat.body, row)
    if output.calls or output.finish != "stop":
        return output
    if "image" in wanted:
        shown = content_parts.picture_addresses(chat.body)
        ratio = (chat.body.get("image_config") or {}).get("aspect_ratio")
        drawn = media.data_url(media.picture(chat.seed, ratio, shown[-1] if shown else None))
        return replace(output, pictures=(drawn,), picture_tokens=media.picture_tokens(row["id"]))
    spoken = "audio" in wanted
    whole = spoken and line.sound and output.text == line.text
    return replace(output, spoken=spoken, sound=media.cut_sound(line.sound, len(pieces(output.text))) if whole else ())


def _form_in_prompt(chat: ChatRequest) -> str | None:
    """An answer to a prompt that holds a JSON schema itself, as libraries write it there for models without
    `response_format`. In a code block when the prompt asks for one."""
    asked = prompted_schema(chat.messages)
    if asked is None:
        return None
    try:
        text = json.dumps(example(asked.schema, Hints(tool_calls.offered(chat.messages))), ensure_ascii=False)
    except Unfillable:
        return None
    return f"```json\n{text}\n```" if asked.in_code_block else text


def _object_of(hints: Hints, script: Script) -> dict[str, str]:
    """For json_object: the keys that the prompt quotes, if it quotes any."""
    keys = [q for q in hints.quoted if q.isidentifier()]
    return {key: f"example {key}" for key in keys} or {"note": script.notice}


def _after_tools(chat: ChatRequest, line: Line) -> str | None:
    """The turn after tool results: the script's own words, else the results, so that a reader sees that they arrived."""
    results = tool_calls.results(chat.messages)
    if not results:
        return None
    if line.after_tools and (not line.tool_said or any(line.tool_said == text for _, text in results)):
        return line.after_tools.replace("{said}", results[-1][1].strip())
    return "No model wrote this. The tools answered: " + "; ".join(f"{name}: {text}" for name, text in results) + "."


def _with_reasoning(output: Output, line: Line, thinks: Thinking | None) -> Output:
    """Put reasoning before the answer: the script's own words, else fixed ones."""
    if thinks is None:
        return output
    # what was not asked for is short, or it would leave no room for the words under a small max_tokens
    text = line.reasoning or reasoning.thought(thinks.effort if thinks.asked else "minimal")
    if thinks.budget is not None and thinks.asked:
        text = "".join(pieces(text)[: thinks.budget])
    return replace(output, reasoning=text, thinks=bool(text), hidden=thinks.exclude)


def _cut_at_stop(output: Output, stops: str | list[str]) -> Output:
    text = output.text
    for stop in [stops] if isinstance(stops, str) else stops:
        text = text.split(stop)[0] if stop else text
    return output if text == output.text else replace(output, text=text, annotations=())


def _cut_at_limit(output: Output, limit: int | None) -> Output:
    """`max_tokens` counts reasoning too: with a small limit a reasoning model may have nothing left to say.

    Calls whose arguments are cut keep finish_reason tool_calls; only the native one says that a limit ended them
    (recorded 2026).
    """
    if limit is None or output.written_tokens <= limit:
        return output
    thought = pieces(output.reasoning)[:limit]
    kept, left = _calls_within(output.calls, limit - len(thought))
    called = bool(kept) and len(thought) < limit
    return replace(
        output,
        text="".join(pieces(output.text)[: max(0, left)]),
        reasoning="".join(thought),
        calls=kept if called else (),
        annotations=(),
        finish="tool_calls" if called else "length",
        cut=True,
    )


def _calls_within(calls: tuple[ToolCall, ...], left: int) -> tuple[tuple[ToolCall, ...], int]:
    """The calls that fit into so many tokens, the last one cut; and the tokens that are left after them."""
    kept = []
    for call in calls:
        arguments = pieces(call.arguments)[: max(0, left - len(pieces(call.name)))]
        left -= len(pieces(call.name)) + len(arguments)
        kept.append(replace(call, arguments="".join(arguments)))
        if left <= 0:
            break
    return tuple(kept), left
