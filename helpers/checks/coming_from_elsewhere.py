"""The checkers of 25-coming-from-elsewhere: old ids in new form, and calls that stay with one provider."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from openrouter_standin import catalogue

from .sending import ask
from .verdict import Verdict, judged, not_yet, right, shown, tried

IDS = {
    "gpt-4.1-mini": "openai/gpt-4.1-mini",
    "gpt-4o-mini": "openai/gpt-4o-mini",
    "o4-mini": "openai/o4-mini",
    "gpt-5.4-nano": "openai/gpt-5.4-nano",
    "gemini-2.5-flash": "google/gemini-2.5-flash",
    "gemini-2.5-flash-lite": "google/gemini-2.5-flash-lite",
    "claude-haiku-4-5-20251001": "anthropic/claude-haiku-4.5",
    "claude-sonnet-4-5-20250929": "anthropic/claude-sonnet-4.5",
    "claude-opus-4-1-20250805": "anthropic/claude-opus-4.1",
    "openrouter/z-ai/glm-5.3-flash": "z-ai/glm-5.3-flash",
    "openrouter/openai/gpt-4o-mini": "openai/gpt-4o-mini",
    "openrouter/anthropic/claude-haiku-4.5": "anthropic/claude-haiku-4.5",
}
"""Old ids, and OpenRouter's. All of the new ones stand in the catalogue."""
MODEL = "openai/gpt-4o-mini"


@judged
def ids(answer: Any) -> Verdict:
    """A function that gives OpenRouter's id for an id of another service."""
    if not callable(answer):
        return not_yet(f"new_id is a function that takes an id, not {shown(answer)}.")
    for old, expected in IDS.items():
        found = tried(f"new_id({old!r}) raises", answer, old)
        if not isinstance(found, str):
            return not_yet(f"new_id({old!r}) gives {shown(found)}, not an id.")
        if catalogue.find(found) is None:
            return not_yet(f"new_id({old!r}) gives {found!r}, which no model of the catalogue has.")
        if found != expected:
            return not_yet(f"new_id({old!r}) gives {found!r}, which is another model.")
    return right(f"{len(IDS)} ids, each of them in the catalogue.")


@judged
def azure_only(answer: Any) -> Verdict:
    """An `extra_body` with which Azure answers or nobody."""
    if not isinstance(answer, Mapping):
        return not_yet(f"extra is a dict, not {shown(answer)}.")
    body = {"model": MODEL, "max_tokens": 50, "messages": [{"role": "user", "content": "Hi"}], **answer}
    if body["model"] != MODEL or "models" in body:
        return not_yet("leave the model as it is: the contract names it.")
    reply = ask(body)
    if isinstance(reply, Verdict):
        return reply
    if reply["provider"] != "Azure":
        return not_yet(f"{reply['provider']} answers.")
    if not isinstance(ask(body, down=["azure"]), Verdict):
        return not_yet("when Azure is down, somebody else answers. Which field says who comes at all?")
    provider = body.get("provider") or {}
    named = provider.get("only") or (provider.get("order") if provider.get("allow_fallbacks") is False else None)
    if not named:
        return not_yet("a provider that serves this model from tomorrow on would answer as well: name who may.")
    if provider.get("data_collection") != "deny" and provider.get("zdr") is not True:
        return not_yet("nothing keeps it from providers that train on prompts, should the list ever grow.")
    if not isinstance(ask(body | {"min_p": 0.1}), Verdict):
        return not_yet("a parameter that Azure does not know (min_p) is left out without a word.")
    return right("Azure answers, or nobody; and nothing is left out in silence.")
