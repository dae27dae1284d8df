"""POST /responses: the request becomes a chat request, the reply a response object or its events.

OpenRouter's Responses API keeps nothing: `store: true` and `previous_response_id` are refused (docs, 2026-08). Fields,
types and their order follow recorded exchanges of 2026-07 and 2026-08.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from . import reasoning
from .chat import Answered, ask
from .envelope import Reply, data
from .errors import Response, error
from .words import pieces
from .world import World

SAME = ("model", "models", "provider", "plugins", "stream", "temperature", "top_p", "reasoning", "parallel_tool_calls",
        "session_id", "service_tier", "user", "metadata", "top_logprobs", "cache_control", "prompt_cache_key")  # fmt: skip
"""Fields that mean the same in both APIs."""
ECHOED = {"tool_choice": "auto", "parallel_tool_calls": True, "max_output_tokens": None, "temperature": 1, "top_p": 1,
          "presence_penalty": 0, "frequency_penalty": 0, "top_logprobs": 0, "max_tool_calls": None, "metadata": {},
          "background": False, "previous_response_id": None, "service_tier": "default", "truncation": "disabled",
          "store": False, "instructions": None, "text": {"format": {"type": "text"}}, "safety_identifier": None,
          "prompt_cache_key": None, "prompt_cache_options": None}  # fmt: skip
"""What the answer repeats of the request, with the defaults it shows."""


def responses(request: Mapping[str, Any], world: World) -> Response:
    """Answer one request of the Responses API."""
    body = request.get("body")
    wrong = _wrong(body)
    if wrong:
        return error(400, wrong)
    found = ask({**request, "body": _chat_body(body)}, world)
    if not isinstance(found, Answered):
        return found
    return found.streamed(_events(found, body)) if body.get("stream") else found.whole(_whole(found.reply, body))


def _wrong(body: Any) -> str | None:
    if not isinstance(body, Mapping):
        return "Invalid JSON in request body"
    given = body.get("input")
    if not (isinstance(given, str) and given) and not (isinstance(given, list) and given):
        return "Invalid request: input takes a text or a list of items"
    if isinstance(given, list) and not all(isinstance(item, Mapping) for item in given):
        return "Invalid request: input takes a text or a list of items"
    if body.get("store") is True:
        return "Invalid request: store must be false; responses are not kept"
    if body.get("previous_response_id") is not None:
        return "Invalid request: previous_response_id is not supported; send the whole conversation in input"
    tools = body.get("tools")
    if tools is not None and not (isinstance(tools, list) and all(isinstance(t, Mapping) for t in tools)):
        return "Invalid request: tools takes a list of objects"
    text = body.get("text")
    if text is not None and not (isinstance(text, Mapping) and isinstance(text.get("format") or {}, Mapping)):
        return "Invalid request: text takes an object"
    return None


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
            "json_schema": {"name": wanted.get("name"), "schema": wanted.get("schema", {})},
        }
    elif wanted.get("type") == "json_object":
        chat["response_format"] = {"type": "json_object"}
    return chat


def _tool(tool: Mapping[str, Any]) -> dict[str, Any]:
    if tool.get("type") != "function":
        return dict(tool)
    return {
        "type": "function",
        "function": {k: v for k, v in tool.items() if k not in ("type", "strict") and v is not None},
    }


def _messages(body: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    if body.get("instructions"):
        yield {"role": "system", "content": str(body["instructions"])}
    given = body["input"]
    for item in [{"role": "user", "content": given}] if isinstance(given, str) else given:
        kind = item.get("type", "message")
        if kind == "message":
            yield {"role": item.get("role"), "content": _content(item.get("content"))}
        elif kind == "function_call":
            call = {"id": item.get("call_id"), "type": "function",
                    "function": {"name": item.get("name"), "arguments": item.get("arguments")}}  # fmt: skip
            yield {"role": "assistant", "content": None, "tool_calls": [call]}
        elif kind == "function_call_output":
            yield {"role": "tool", "tool_call_id": str(item.get("call_id")), "content": _content(item.get("output"))}


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


def _base(reply: Reply, body: Mapping[str, Any]) -> dict[str, Any]:
    tools = [{"strict": None, **t} if t.get("type") == "function" else dict(t) for t in body.get("tools") or []]
    asked = body.get("reasoning") or {}
    return {
        "id": reply.id,
        "object": "response",
        "created_at": reply.created,
        "model": reply.model,
        "status": "in_progress",
        "completed_at": None,
        "output": [],
        "output_text": "",
        "error": None,
        "incomplete_details": None,
        "tools": tools,
        **{k: default if body.get(k) is None else body[k] for k, default in ECHOED.items()},
        "reasoning": {"context": None, "effort": asked.get("effort"), "summary": asked.get("summary")},
        "user": body.get("user"),
        "usage": None,
    }


def _whole(reply: Reply, body: Mapping[str, Any]) -> dict[str, Any]:
    """The finished response object."""
    said, u = reply.said, reply.usage
    made = _base(reply, body)
    made |= {
        "status": "incomplete" if said.cut else "completed",
        "completed_at": reply.created + reply.duration_ms // 1000,
        "output": list(_items(reply)),
        "output_text": said.text,
        "incomplete_details": {"reason": "max_output_tokens"} if said.cut else None,
        "usage": _usage(u),
    }
    return made | ({"openrouter_metadata": reply.metadata} if reply.metadata else {})


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


def _items(reply: Reply) -> Iterator[dict[str, Any]]:
    """The finished output items: reasoning, then the message or the function calls."""
    said = reply.said
    if said.thinks:
        item: dict[str, Any] = {
            "id": _identity("rs", reply, 0),
            "type": "reasoning",
            "status": "completed",
            "summary": [],
        }
        if not said.hidden:
            item["content"] = [{"type": "reasoning_text", "text": said.reasoning}]
        for ending in reasoning.ending(reply.model, reply.seed):
            item["format"] = ending["format"]
            name = "data" if "data" in ending else "signature"
            item["encrypted_content" if name == "data" else name] = ending[name]
        yield item
    for n, call in enumerate(said.calls):
        yield {
            "id": _identity("fc", reply, n),
            "type": "function_call",
            "status": "completed",
            "call_id": call.id,
            "name": call.name,
            "arguments": call.arguments,
        }
    if said.text or not said.calls:
        notes = [{"type": "url_citation", **a["url_citation"]} for a in said.annotations if a["type"] == "url_citation"]
        part = {"type": "output_text", "text": said.text, "annotations": notes, "logprobs": []}
        status = "incomplete" if said.cut else "completed"
        message = {"id": _identity("msg", reply, 0), "type": "message", "status": status, "role": "assistant"}
        phase = {"phase": "final_answer"} if reply.model.startswith("openai/gpt-5.6") else {}
        yield {**message, **phase, "content": [part]}


def _identity(kind: str, reply: Reply, n: int) -> str:
    return f"{kind}_tmp_{hashlib.sha256(f'{kind}{reply.seed}{n}'.encode()).hexdigest()[:11]}"


def _events(found: Answered, body: Mapping[str, Any]) -> list[list[Any]]:
    """The events of a streamed response, numbered, at the pace of the reply."""
    reply = found.reply
    events = reply.comments()
    at, gaps = reply.first_ms, iter(reply.gaps_ms)
    deltas, breaks = 0, found.weather.break_after
    for number, (kind, fields) in enumerate(_steps(reply, body)):
        last = kind in ("response.completed", "response.incomplete")
        if breaks is not None and (last or (kind.endswith("delta") and deltas == breaks)):
            problem = {
                "type": "error",
                "code": "provider_unavailable",
                "message": "Provider disconnected",
                "param": None,
            }
            return [*events, [at, data({**problem, "sequence_number": number})]]
        if kind.endswith("delta"):
            deltas += 1
            at += next(gaps, 0)
        events.append([at, data({"type": kind, **fields, "sequence_number": number})])
    return [*events, [at, "data: [DONE]"]]


def _steps(reply: Reply, body: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    yield "response.created", {"response": _base(reply, body)}
    yield "response.in_progress", {"response": _base(reply, body)}
    for index, item in enumerate(_items(reply)):
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
    whole = _whole(reply, body)
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
