"""The lines of a batch: checked when it is taken, run when it is due, charged once each at the price of its `:batch` entry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .. import catalogue, content_parts, errors
from ..batch import Batch
from ..chat_request import ChatRequest
from ..endpoint import Endpoint
from ..errors import ApiError, Response
from ..faults import NO_FAULTS
from ..http_request import BASE, HttpRequest
from ..ids import base62, digest_of
from ..state import State
from .chat import create_chat_completion
from .responses import as_chat, create_response

RUNS = {"/v1/chat/completions": create_chat_completion, "/v1/responses": create_response}
ADDRESSES = {"image_url": "url", "file": "file_data"}
LIMITS = ("max_tokens", "max_completion_tokens", "max_output_tokens")
TYPES = {400: "invalid_request_error", 402: "insufficient_quota", 429: "rate_limit_error"}
"""The type of a line's error. Only the first is seen (2026-09); the others are by analogy, as is api_error for the rest."""
COUNTED = ("prompt_tokens", "completion_tokens", "total_tokens")


def problem_of(endpoint: str, model: str, requests: Sequence[Mapping[str, Any]]) -> str | None:
    """Why the check fails, naming the first line that is wrong; None when all are right.

    One wrong line fails the whole batch before anything is run (docs, batch API, autumn 2026; reports of 2026-09). `model`: the
    id of the `:batch` entry.
    """
    first_format = requests[0]["body"].get("response_format")
    for line in requests:
        body = line["body"]
        if model.startswith("google/") and body.get("response_format") != first_format:
            return f"Batch request '{line['custom_id']}' sets another 'response_format' than the requests before it."
        problem = _problem_of_line(endpoint, model, body)
        if problem:
            return f"Batch request '{line['custom_id']}' {problem}"
    return None


def _problem_of_line(endpoint: str, model: str, body: Mapping[str, Any]) -> str | None:
    for name in LIMITS:
        limit = body.get(name)
        if isinstance(limit, int | float) and not isinstance(limit, bool) and limit < 1:
            return f"sets '{name}' below 1; each batched request must allow at least 1 output token."
    if body.get("stream"):
        return "sets 'stream': a batch has no streams."
    try:
        chat = _chat_of(endpoint, model, body)
    except ApiError as error:
        return f"is not valid: {_words_of(error)}"
    if any(kind != "text" for kind in chat.modalities) or chat.body.get("audio") or chat.body.get("image_config"):
        return "asks for other output than text; use the sync API."
    if chat.search_settings is not None:
        return "searches the web; use the sync API."
    for part in content_parts.parts(chat.body):
        address = part[part["type"]].get(ADDRESSES.get(part["type"], ""))
        if not str(address).startswith(("https://", "http://")):
            return "has a part that is neither text nor the public address of a picture or a file; use the sync API."
    tokens, context = chat.prompt_tokens_at(model), catalogue.find(model)["context_length"]
    return f"is too long: maximum context length is {context} tokens." if context and tokens > context else None


def _chat_of(endpoint: str, model: str, body: Mapping[str, Any]) -> ChatRequest:
    http = _line(endpoint, {**body, "model": model}, "session")
    return ChatRequest.parse(as_chat(http) if endpoint == "/v1/responses" else http, "batch")


def _line(endpoint: str, body: Mapping[str, Any], key: str, faults: Any = NO_FAULTS) -> HttpRequest:
    """A line as the request that the sync API would get."""
    route = endpoint.removeprefix("/v1")
    return HttpRequest("POST", BASE + route, route, {}, {}, body, key, faults)


# --- running ---------------------------------------------------------------------------------------------------------


def run_due(state: State) -> None:
    """Run the batches whose time has come."""
    for batch in state.take_due_batches():
        results = list(_run(batch, state))
        batch.usage = _usage(results)
        # the order is arbitrary (public clients, 2026-09): here it is another one than that of the requests
        batch.results = results[1::2] + results[::2]


def _run(batch: Batch, state: State) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(batch.requests):
        digest = digest_of(f"{batch.id} {number}")
        made = {
            "id": f"batch_req_{base62(digest, 20)}",
            "custom_id": line["custom_id"],
            "response": None,
            "error": None,
        }
        try:
            response = RUNS[batch.endpoint](_sent(batch, line["body"]), state)
            made["response"] = {
                "status_code": 200,
                "request_id": f"request_{base62(digest[::-1], 20)}",
                "body": _renamed(_body_of(response, state), state),
            }
        except ApiError as error:
            made["error"] = {"message": _words_of(error), "type": TYPES.get(error.status, "api_error"), "param": None}
        except Exception as problem:  # one line must not hold up the others, nor the request that found the batch due
            told = f"stand-in: {type(problem).__name__}: {problem}"
            made["error"] = {"message": told, "type": "api_error", "param": None}
        yield made


def _sent(batch: Batch, body: Mapping[str, Any]) -> HttpRequest:
    served: Endpoint = batch.served
    only = {"only": [served.slug]}  # a batch runs on one provider (docs, batch quickstart, autumn 2026)
    provider = {**(body.get("provider") or {}), **only}
    return _line(
        batch.endpoint, {**body, "model": served.model, "provider": provider, "stream": False}, batch.key, batch.faults
    )


def _body_of(response: Response, state: State) -> dict[str, Any]:
    """The whole answer. The time that it takes is part of the batch's, so the clock does not move by it. Raises `ApiError`
    for an error inside a 200."""
    body = next(response["live"])[1] if "live" in response else response["body"]
    state.advance(-response.get("ms", 0))
    if body.get("error"):
        raise ApiError({"status": body["error"].get("code", 502), "body": body})
    return body


def _renamed(body: dict[str, Any], state: State) -> dict[str, Any]:
    """The answer under an id as batches have it (docs, batch quickstart, 2026-08), under which GET /generation knows it."""
    known = state.generation(body["id"])
    if not known or not body["id"].startswith("gen-"):
        return body
    identity = body["id"].replace("gen-", "gen-batch-", 1)
    state.remember({**known, "id": identity})
    return {**body, "id": identity}


def _words_of(error: ApiError) -> str:
    """What is wrong: the provider's own words where it has some."""
    inner = error.response["body"]["error"]
    raw = (error.response["body"].get("metadata") or inner.get("metadata") or {}).get("raw")
    return str(raw or inner["message"]).removeprefix(errors.INVALID)


def _usage(results: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The sums over all lines. Those that failed are not charged."""
    used = [line["response"]["body"]["usage"] for line in results if line["response"]]
    tokens = [
        (u.get("prompt_tokens", u.get("input_tokens", 0)), u.get("completion_tokens", u.get("output_tokens", 0)))
        for u in used
    ]
    asked, said = sum(a for a, _ in tokens), sum(s for _, s in tokens)
    counts = dict(zip(COUNTED, (asked, said, asked + said), strict=True))
    return {**counts, "cost": round(sum(u.get("cost") or 0 for u in used), 12), "is_byok": False}
