"""A request as it would go out, put to the offline stand-in: what it refuses, and who is asked first. Nothing leaves."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from typing import Any

from openrouter_standin import Faults, State, answer

from .verdict import Verdict, not_yet, told

MESSAGES = [{"role": "user", "content": "Where is my parcel?"}]
PATH = "/chat/completions"


def ask(
    body: Any, path: str = PATH, key: str = "session", down: Sequence[str] = (), state: State | None = None
) -> dict[str, Any] | Verdict:
    """What the stand-in answers to this body, or a verdict with the reason why it cannot be sent or is refused.

    `down`: slugs of providers that answer 502. `state`: what the stand-in remembers, where one request follows another.
    """
    try:
        sent = json.loads(json.dumps(body, allow_nan=False))  # as the SDK does it
    except (TypeError, ValueError, RecursionError) as problem:
        return not_yet(f"this cannot be sent: {told(problem)}.")
    reply = _answer(sent, path, key, Faults(down=down), state)
    if reply["status"] < 400:
        return reply["body"]
    reason = _reason(reply)
    return not_yet(f"{reason}." if reason.startswith("The stand-in ") else f"OpenRouter would refuse this: {reason}.")


def attempts(body: dict[str, Any], down: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Who is asked for this chat request, one after another: provider, model and status; empty when it is refused before."""
    reply = _answer(body | {"stream": False}, PATH, "session", Faults(down=down))
    return reply["body"].get("openrouter_metadata", {}).get("attempts", [])


def _answer(body: Any, path: str, key: str, faults: Faults | None = None, state: State | None = None) -> dict[str, Any]:
    request = {
        "method": "POST",
        "path": f"/api/v1{path}",
        "headers": {"x-openrouter-metadata": "enabled"},
        "body": _without_zdr(body),
        "key": key,
    }
    return answer(request, state or State(), faults)


def _without_zdr(body: Any) -> Any:
    """The stand-in's own list of who keeps nothing is invented: no answer to an exercise may be wrong by it."""
    provider = body.get("provider") if isinstance(body, dict) else None
    if not isinstance(provider, dict) or provider.get("zdr") is not True:
        return body
    return body | {"provider": {name: value for name, value in provider.items() if name != "zdr"}}


def _reason(reply: dict[str, Any]) -> str:
    """Why it was refused; of a provider's refusal the provider's own words."""
    error = reply["body"]["error"]
    message = str(error["message"]).removeprefix("Invalid request: ")
    try:
        raw = json.loads((error.get("metadata") or {}).get("raw") or "")
        message = raw["error"]["message"]
    except (KeyError, TypeError, ValueError):
        pass
    return message.rstrip(".")


class Wire:
    """A transport for the OpenAI SDK's HTTP clients that ends in the stand-in: what a framework sends, seen as it goes.

    `body`: the last request's body; `refusal`: why it was refused, empty when it was answered. `faults`: what goes wrong.
    """

    def __init__(self, faults: Faults | None = None) -> None:
        self.faults = faults
        self.body: dict[str, Any] | None = None
        self.refusal = ""

    def handle_request(self, request: Any) -> Any:
        """Called by a client of httpx or httpx2, whichever the SDK uses."""
        return self._answered(request, request.read())

    async def handle_async_request(self, request: Any) -> Any:
        """The same for an async client."""
        return self._answered(request, await request.aread())

    def close(self) -> None:
        """There is no connection."""

    async def aclose(self) -> None:
        """There is no connection."""

    def _answered(self, request: Any, content: bytes) -> Any:
        self.body = json.loads(content)
        reply = _answer(self.body, request.url.path.removeprefix("/api/v1"), "session", self.faults)
        if "failure" in reply:
            raise import_module(type(request).__module__.partition(".")[0]).ConnectError(reply["message"])
        self.refusal = _reason(reply) if reply["status"] >= 400 else ""
        http = import_module(type(request).__module__.partition(".")[0])
        if "events" in reply:
            return http.Response(
                200, headers=reply["headers"], text="".join(f"{text}\n\n" for _, text in reply["events"])
            )
        if "pieces" in reply:
            return http.Response(200, headers=reply["headers"], content=b"".join(data for _, data in reply["pieces"]))
        return http.Response(reply["status"], headers=reply["headers"], json=reply["body"])


def sent_by(name: str, send: Callable[[Wire], Any], wire: Wire | None = None) -> dict[str, Any] | Verdict:
    """The body that a framework sends, or a verdict with the reason why it cannot or is refused. `name`: the
    framework's. What it makes of a good answer does not matter here."""
    wire = wire or Wire()
    try:
        send(wire)
    except Exception as problem:
        if wire.body is None:
            return not_yet(f"{name} cannot send this: {told(problem)}.")
    return not_yet(f"OpenRouter would refuse this: {wire.refusal}.") if wire.refusal else wire.body


def waited(coroutine: Any) -> Any:
    """The result of a coroutine, also in a notebook, whose own loop is running: it is awaited in a thread."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(asyncio.run, coroutine).result()


def limits_in(body: dict[str, Any]) -> list[Any]:
    """Every limit on the tokens of the answer that this body names. Where two are sent, either may count."""
    return [body[name] for name in ("max_tokens", "max_completion_tokens") if body.get(name) is not None]


def first_error(problem: Exception) -> str:
    """What pydantic finds wrong first, the field and why; of any other error, what it says."""
    if not hasattr(problem, "errors"):
        return told(problem)
    first = problem.errors()[0]
    where = ".".join(map(str, first["loc"]))
    return f"{where}: {first['msg']}" if where else first["msg"]


def served(tried: list[dict[str, Any]]) -> bool:
    """Whether one of these attempts gave an answer."""
    return any(attempt["status"] == 200 for attempt in tried)
