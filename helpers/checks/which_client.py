"""The checkers of 37-which-client: who answered by the router's metadata, and a request in LiteLLM's form."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any

from .verdict import Verdict, judged, not_yet, right, shown, tried

Metadata = dict[str, Any] | None


def _metadata(*available: tuple[str, bool]) -> dict[str, Any]:
    rows = [{"provider": name, "model": "openai/gpt-4o-mini", "selected": chosen} for name, chosen in available]
    return {"requested": "openai/gpt-4o-mini", "attempt": 1, "endpoints": {"total": len(rows), "available": rows}}


WHO: list[tuple[str, Metadata, str | None]] = [
    ("a first endpoint that serves", _metadata(("OpenAI", True), ("Azure", False)), "OpenAI"),
    ("a second endpoint that serves", _metadata(("OpenAI", False), ("Azure", True)), "Azure"),
    ("the last of three", _metadata(("Groq", False), ("Novita", False), ("DeepInfra", True)), "DeepInfra"),
    ("a request that nobody served", _metadata(("OpenAI", False), ("Azure", False)), None),
    ("a list without endpoints", _metadata(), None),
    ("an answer without metadata", None, None),
]


@judged
def who(answer: Callable[[Metadata], Any]) -> Verdict:
    """`who(metadata)`: the provider that served, or None."""
    if not callable(answer):
        return not_yet(f"who is a function, not {shown(answer)}.")
    for name, metadata, wanted in WHO:
        found = tried(f"for {name}, who raises", answer, copy.deepcopy(metadata))
        if found != wanted:
            return not_yet(f"for {name} it gives {shown(found)}, and {shown(wanted)} is right.")
    return right("it finds the one that is selected, and says None where nobody is.")


QUESTION = [{"role": "user", "content": "Why is there a tide?"}]
REQUESTS: list[dict[str, Any]] = [
    {"model": "openai/gpt-4o-mini", "messages": QUESTION, "max_tokens": 100},
    {
        "model": "meta-llama/llama-3.1-8b-instruct",
        "messages": QUESTION,
        "extra_body": {"provider": {"order": ["groq"]}},
    },
    {"model": "google/gemma-4-31b-it:free", "messages": QUESTION, "stream": True},
    {"model": "~anthropic/claude-sonnet-latest", "messages": QUESTION, "temperature": 0.2},
    {"model": "openrouter/auto", "messages": QUESTION, "max_tokens": 100},
]
MOVED = ("provider", "models", "plugins", "session_id")
"""What LiteLLM also takes as arguments of its own."""


@judged
def for_litellm(answer: Callable[[dict[str, Any]], Any]) -> Verdict:
    """`for_litellm(request)`: the arguments of `litellm.completion` for the same request."""
    if not callable(answer):
        return not_yet(f"for_litellm is a function, not {shown(answer)}.")
    for request in REQUESTS:
        given, model = copy.deepcopy(request), request["model"]
        made = tried(f"for {model}, for_litellm raises", answer, given)
        if given != request:
            return not_yet(f"for {model} it changes the request that it was given.")
        if not isinstance(made, Mapping):
            return not_yet(f"for {model} it gives {shown(made)}, and arguments are a dict.")
        if made.get("model") != f"openrouter/{model}":
            return not_yet(
                f"for {model} the model is {shown(made.get('model'))}: LiteLLM asks OpenRouter for what begins with"
                " 'openrouter/', takes that part away, and sends the rest as the id."
            )
        lost = [name for name in request if name not in ("model", "extra_body") and made.get(name) != request[name]]
        if lost:
            return not_yet(f"for {model} the argument {lost[0]} is {shown(made.get(lost[0]))} now.")
        if _routing(made) != _routing(request):
            return not_yet(
                f"for {model} the routing becomes {shown(_routing(made))}, and was {shown(_routing(request))}."
            )
    return right("whatever the id is, OpenRouter gets the same request.")


def _routing(request: Mapping[str, Any]) -> dict[str, Any]:
    """The routing options, in `extra_body` or as arguments of their own."""
    body = request.get("extra_body") or {}
    own = {name: request[name] for name in MOVED if name in request}
    return {**(body if isinstance(body, Mapping) else {}), **own}
