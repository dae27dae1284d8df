"""POST /responses: the request becomes a chat request, the reply a response object or its events.

OpenRouter's Responses API keeps nothing: `store: true` and `previous_response_id` are refused (docs, 2026-08). Fields,
types and their order follow recorded exchanges of 2026-07 and 2026-08.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from ..errors import INVALID, ApiError, Response, not_imitated, not_json
from ..http_request import HttpRequest
from ..ids import hash_of
from ..not_imitated import SEARCH_TOOLS
from ..output import reasoning
from ..state import State
from ..tokens import pieces
from .chat import complete_chat
from .completion import Completion, data_line
from .draft import Draft
from .live import live_whole

SAME = ("model", "models", "provider", "plugins", "stream", "temperature", "top_p", "reasoning", "parallel_tool_calls",
        "session_id", "service_tier", "user", "metadata", "top_logprobs", "cache_control", "prompt_cache_key",
        "modalities", "image_config", "preset", "debug", "presence_penalty", "frequency_penalty")  # fmt: skip
"""Fields that mean the same in both APIs."""
ECHOED = {"tool_choice": "auto", "parallel_tool_calls": True, "max_output_tokens": None, "temperature": 1, "top_p": 1,
          "presence_penalty": 0, "frequency_penalty": 0, "top_logprobs": 0, "max_tool_calls": None, "metadata": {},
          "background": False, "previous_response_id": None, "service_tier": "default", "truncation": "disabled",
          "store": False, "instructions": None, "text": {"format": {"type": "text"}}, "safety_identifier": None,
          "prompt_cache_key": None, "prompt_cache_options": None}  # fmt: skip
"""What the answer repeats of the request, with the defaults it shows."""


ITEMS = ("message", "function_call", "function_call_output", "reasoning")
"""Input items that are understood. Reasoning items are kept by the caller and read by no one here."""
TOOLS = ("function", *SEARCH_TOOLS)


def create_response(http: HttpRequest, state: State) -> Response:
    """Answer one request of the Responses API."""
    chat, body = as_chat(http), http.body
    streams = bool(body.get("stream"))
    try:
        made = complete_chat(chat, state)
    except ApiError as error:
        raise _in_this_form(error) from None
    if isinstance(made, Draft):  # the events too come when all of it is there: an item's first event says what it is
        return live_whole(made, lambda done: [e for _, e in _events(done, body)] if streams else [_whole(done, body)])
    if streams:
        return made.streamed(_events(made, body))
    return made.whole(_whole(made, body))


def as_chat(http: HttpRequest) -> HttpRequest:
    """The same request as chat completions takes it. Raises `ApiError`."""
    try:
        _check(http.body)
        return replace(http, body=_chat_body(http.body))
    except ApiError as error:
        raise _in_this_form(error) from None


def _in_this_form(error: ApiError) -> ApiError:
    """A refusal of the request's form is told otherwise here than in chat (codex#18307 and #43740, 2026); others are not."""
    message = error.response.get("body", {}).get("error", {}).get("message", "")
    return invalid_prompt([], message.removeprefix(INVALID)) if message.startswith(INVALID) else error


def invalid_prompt(path: list[str | int], message: str) -> ApiError:
    """400 for a request that the Responses API does not understand. `path`: where in the request."""
    raw = json.dumps([{"code": "invalid_union", "path": path, "message": message}], indent=2)
    body = {
        "error": {"code": "invalid_prompt", "message": "Invalid Responses API request"},
        "metadata": {"raw": raw},
    }
    return ApiError({"status": 400, "headers": {"content-type": "application/json"}, "ms": 60, "body": body})


def _check(body: Any) -> None:
    """Raise `ApiError` for a request of a wrong form."""
    if not isinstance(body, Mapping):
        raise not_json()
    given = body.get("input")
    if not (isinstance(given, str | list) and given):
        raise invalid_prompt(["input"], "Invalid input: expected a text or a list of items")
    for number, item in enumerate(given if isinstance(given, list) else []):
        if not isinstance(item, Mapping) or item.get("type", "message") not in ITEMS:
            raise invalid_prompt(["input", number, "type"], f"Invalid input: expected one of {', '.join(ITEMS)}")
    if body.get("store") is True:
        raise invalid_prompt(["store"], "Invalid input: expected false; responses are not kept")
    if body.get("previous_response_id") is not None:
        raise invalid_prompt(["previous_response_id"], "Invalid input: send the whole conversation in input")
    tools = body.get("tools")
    if tools is not None and not isinstance(tools, list):
        raise invalid_prompt(["tools"], "Invalid input: expected a list of objects")
    for number, tool in enumerate(tools or []):
        if not isinstance(tool, Mapping) or tool.get("type") not in TOOLS:
            raise invalid_prompt(["tools", number, "type"], f"Invalid input: expected one of {', '.join(TOOLS)}")
    wanted = body.get("modalities")
    if isinstance(wanted, list) and "audio" in wanted:
        raise invalid_prompt(["modalities"], "Invalid input: expected text or image")
    if isinstance(wanted, list) and "image" in wanted:
        raise not_imitated("pictures on /responses", "Ask /chat/completions.")
    text = body.get("text")
    if text is not None and not (isinstance(text, Mapping) and isinstance(text.get("format") or {}, Mapping)):
        raise invalid_prompt(["text"], "Invalid input: expected an object")


# --- in --------------------------------------------------------------------------------------------------------------


def _chat_body(body: Mapping[str, Any]) -> dict[str, Any]:
    chat = {k: body[k] for k in SAME if body.get(k) is not None}
    chat["messages"] = list(_messages(body))
    if body.get("max_output_tokens") is not None:
        chat["max_tokens"] = body["max_output_tokens"]
    if body.get("tools"):
        chat["tools"] = [_tool(t) for t in body["tools"]]
    choice = body.get("tool_choice")
    if isinstance(choice, Mapping) and choice.get("type") == "function":
        choice = {"type": "function", "function": {"name": choice.get("name")}}
    if choice is not None:
        chat["tool_choice"] = choice
    wanted = (body.get("text") or {}).get("format") or {}
    if wanted.get("type") == "json_schema":
        chat["response_format"] = {
            "type": "json_schema",
            "json_schema": {
                "name": wanted.get("name"),
                "schema": wanted.get("schema", {}),
                "strict": wanted.get("strict") is True,
            },
        }
    elif wanted.get("type") == "json_object":
        chat["response_format"] = {"type": "json_object"}
    return chat


def _tool(tool: Mapping[str, Any]) -> dict[str, Any]:
    if tool.get("type") != "function":
        return dict(tool)
    return {
        "type": "function",
        "function": {k: v for k, v in tool.items() if k != "type" and v is not None},
    }


def _messages(body: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The conversation as chat has it: calls that follow each other are one assistant message, with the reasoning before
    them."""
    if body.get("instructions"):
        yield {"role": "system", "content": str(body["instructions"])}
    given = body["input"]
    thoughts: list[dict[str, Any]] = []
    calling: dict[str, Any] | None = None
    for item in [{"role": "user", "content": given}] if isinstance(given, str) else given:
        kind = item.get("type", "message")
        if calling and kind not in ("function_call", "reasoning"):
            yield calling
            calling = None
        if kind == "reasoning":
            thoughts += _thoughts(item)
        elif kind == "function_call":
            calling = calling or {"role": "assistant", "content": None, "tool_calls": [], "reasoning_details": thoughts}
            calling["tool_calls"].append(_call(item))
            thoughts = []
        elif kind == "function_call_output":
            yield {"role": "tool", "tool_call_id": str(item.get("call_id")), "content": _content(item.get("output"))}
        else:
            said = {"role": item.get("role"), "content": _content(item.get("content"))}
            yield {**said, "reasoning_details": thoughts} if thoughts and said["role"] == "assistant" else said
            thoughts = []
    if calling:
        yield calling


def _call(item: Mapping[str, Any]) -> dict[str, Any]:
    function = {"name": item.get("name"), "arguments": item.get("arguments")}
    return {"id": item.get("call_id"), "type": "function", "function": function}


def _thoughts(item: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A reasoning item as chat's `reasoning_details`."""
    parts = item.get("content")
    texts = [str(p.get("text")) for p in parts if isinstance(p, Mapping)] if isinstance(parts, list) else []
    sealed = {"signature": item["signature"]} if item.get("signature") is not None else {}
    found = [{"type": "reasoning.text", "text": "".join(texts), **sealed}] if texts or sealed else []
    if item.get("encrypted_content") is not None:
        found.append({"type": "reasoning.encrypted", "data": item["encrypted_content"]})
    return found


def _content(content: Any) -> Any:
    """Parts under the names that chat has for them."""
    if not isinstance(content, list):
        return content
    made = []
    for part in content:
        kind = part.get("type") if isinstance(part, Mapping) else None
        if kind in ("input_text", "output_text", "text"):
            made.append({**part, "type": "text", "text": part.get("text")})
        elif kind == "input_image":
            made.append({"type": "image_url", "image_url": {"url": part.get("image_url")}})
        elif kind == "input_file":
            file = {"filename": part.get("filename"), "file_data": part.get("file_data") or part.get("file_url")}
            made.append({"type": "file", "file": file})
        else:
            made.append({"type": kind} if not isinstance(part, Mapping) else dict(part))
    return made


# --- out -------------------------------------------------------------------------------------------------------------


def _base(completion: Completion, body: Mapping[str, Any]) -> dict[str, Any]:
    tools = [{"strict": None, **t} if t.get("type") == "function" else dict(t) for t in body.get("tools") or []]
    asked = body.get("reasoning") or {}
    return {
        "id": completion.id,
        "object": "response",
        "created_at": completion.created,
        "model": completion.model,
        "status": "in_progress",
        "completed_at": None,
        "output": [],
        "output_text": "",
        "error": None,
        "incomplete_details": None,
        "tools": tools,
        **{k: default if body.get(k) is None else body[k] for k, default in ECHOED.items()},
        "service_tier": completion.service_tier or "default",
        "reasoning": {"context": None, "effort": asked.get("effort"), "summary": asked.get("summary")},
        "user": body.get("user"),
        "usage": None,
    }


def _whole(completion: Completion, body: Mapping[str, Any]) -> dict[str, Any]:
    """The finished response object."""
    output = completion.output
    made = _base(completion, body)
    reason = "max_output_tokens" if output.cut else "content_filter" if output.finish == "content_filter" else None
    failed = {"code": "server_error", "message": "The model wrote a call that cannot be read."}
    made |= {
        "status": "failed" if output.finish == "error" else "incomplete" if reason else "completed",
        "error": failed if output.finish == "error" else None,
        "completed_at": completion.created + completion.duration_ms // 1000,
        "output": list(_items(completion)),
        "output_text": output.text,
        "incomplete_details": {"reason": reason} if reason else None,
        "usage": _usage(completion.usage),
    }
    return made | ({"openrouter_metadata": completion.metadata} if completion.metadata else {})


def _usage(u: Mapping[str, Any]) -> dict[str, Any]:
    cost, read = u["cost_details"], u["prompt_tokens_details"]
    details = {"cached_tokens": read["cached_tokens"]}
    if read["cache_write_tokens"]:
        details["cache_write_tokens"] = read["cache_write_tokens"]
    paid = {
        "upstream_inference_cost": cost["upstream_inference_cost"],
        "upstream_inference_input_cost": cost["upstream_inference_prompt_cost"],
        "upstream_inference_output_cost": cost["upstream_inference_completions_cost"],
    }
    made = {
        "input_tokens": u["prompt_tokens"],
        "input_tokens_details": details,
        "output_tokens": u["completion_tokens"],
        "output_tokens_details": {"reasoning_tokens": u["completion_tokens_details"]["reasoning_tokens"]},
        "total_tokens": u["total_tokens"],
        "cost": u["cost"],
        "is_byok": False,
        "cost_details": paid | {k: v for k, v in cost.items() if k == "server_tool_cost"},
    }
    return made | {k: v for k, v in u.items() if k == "server_tool_use_details"}


def _items(completion: Completion) -> Iterator[dict[str, Any]]:
    """The finished output items: reasoning, then the message or the function calls."""
    output = completion.output
    if output.thinks:
        item: dict[str, Any] = {
            "id": _identity("rs", completion, 0),
            "type": "reasoning",
            "status": "completed",
            "summary": [],
        }
        if not output.hidden:
            item["content"] = [{"type": "reasoning_text", "text": output.reasoning}]
        for ending in reasoning.ending(completion.model, completion.seed):
            item["format"] = ending["format"]
            name = "data" if "data" in ending else "signature"
            item["encrypted_content" if name == "data" else name] = ending[name]
        yield item
    for n, call in enumerate(output.calls):
        yield {
            "id": _identity("fc", completion, n),
            "type": "function_call",
            "status": "completed",
            "call_id": call.id,
            "name": call.name,
            "arguments": call.arguments,
        }
    if output.text or not output.calls:
        notes = [
            {"type": "url_citation", **a["url_citation"]} for a in output.annotations if a["type"] == "url_citation"
        ]
        part = {"type": "output_text", "text": output.text, "annotations": notes, "logprobs": []}
        status = "incomplete" if output.cut else "completed"
        message = {"id": _identity("msg", completion, 0), "type": "message", "status": status, "role": "assistant"}
        phase = {"phase": "final_answer"} if completion.model.startswith("openai/gpt-5.6") else {}
        yield {**message, **phase, "content": [part]}


def _identity(kind: str, completion: Completion, n: int) -> str:
    return f"{kind}_tmp_{hash_of(f'{kind}{completion.seed}{n}')[:11]}"


def _events(completion: Completion, body: Mapping[str, Any]) -> list[list[Any]]:
    """The events of a streamed response, numbered, at the pace of the completion."""
    events = completion.comments()
    at, gaps = completion.first_ms, iter(completion.gaps_ms)
    deltas, breaks = 0, completion.faults.break_after
    for number, (kind, fields) in enumerate(_steps(completion, body)):
        last = kind in ("response.completed", "response.incomplete", "response.failed")
        if breaks is not None and (last or (kind.endswith("delta") and deltas == breaks)):
            problem = {
                "type": "error",
                "code": "provider_unavailable",
                "message": "Provider disconnected",
                "param": None,
            }
            return [*events, [at, data_line({**problem, "sequence_number": number})]]
        if kind.endswith("delta"):
            deltas += 1
            at += next(gaps, 0)
        events.append([at, data_line({"type": kind, **fields, "sequence_number": number})])
    return [*events, [at, "data: [DONE]"]]


def _steps(completion: Completion, body: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    if completion.upstream is not None:
        yield "response.debug", {"debug": {"echo_upstream_body": completion.upstream}}
    yield "response.created", {"response": _base(completion, body)}
    yield "response.in_progress", {"response": _base(completion, body)}
    for index, item in enumerate(_items(completion)):
        where = {"output_index": index, "item_id": item["id"]}
        empty = {"reasoning": {"summary": []}, "message": {"content": []}, "function_call": {"arguments": ""}}[
            item["type"]
        ]
        started = {k: v for k, v in item.items() if k not in ("content", "encrypted_content", "signature")}
        status = {"status": "in_progress"}
        yield "response.output_item.added", {"output_index": index, "item": {**started, **status, **empty}}
        if item["type"] == "function_call":
            yield from _call_steps(item, where)
        elif item.get("content"):
            yield from _part_steps(item, where)
        yield "response.output_item.done", {"output_index": index, "item": item}
    whole = _whole(completion, body)
    yield f"response.{whole['status']}", {"response": whole}


def _call_steps(item: Mapping[str, Any], where: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for piece in pieces(item["arguments"]):
        yield "response.function_call_arguments.delta", {**where, "delta": piece}
    ended = {**where, "name": item["name"], "arguments": item["arguments"]}
    yield "response.function_call_arguments.done", ended


def _part_steps(item: Mapping[str, Any], where: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The one content part of a message or of reasoning, piece by piece."""
    part, place = item["content"][0], {**where, "content_index": 0}
    kind = "response.output_text" if part["type"] == "output_text" else "response.reasoning_text"
    logprobs = {"logprobs": []} if part["type"] == "output_text" else {}
    empty = {**part, "text": ""} | ({"annotations": []} if "annotations" in part else {})
    yield "response.content_part.added", {**place, "part": empty}
    for piece in pieces(part["text"]):
        yield f"{kind}.delta", {**place, "delta": piece, **logprobs}
    for n, note in enumerate(part.get("annotations") or []):
        yield "response.output_text.annotation.added", {**place, "annotation_index": n, "annotation": note}
    yield f"{kind}.done", {**place, "text": part["text"], **logprobs}
    yield "response.content_part.done", {**place, "part": dict(part)}
