"""Prints one hash over many answers of the stand-in: run by test_properties in fresh processes and on other Pythons."""

from __future__ import annotations

import hashlib
import json

from openrouter_standin import Faults, State, answer

TOOL = {
    "type": "function",
    "function": {"name": "add", "parameters": {"type": "object", "properties": {"a": {"type": "integer"}}}},
}
MODELS = (
    "z-ai/glm-5.3-flash",
    "openai/gpt-4o-mini",
    "openai/gpt-5-mini",
    "anthropic/claude-haiku-4.5",
    "openrouter/auto",
    "no/such",
)
EXTRAS = ({}, {"stream": True}, {"tools": [TOOL], "tool_choice": "required"}, {"response_format": {"type": "json_object"}},
          {"reasoning": {"effort": "high"}}, {"provider": {"sort": "price"}}, {"plugins": [{"id": "web"}]}, {"logprobs": True})  # fmt: skip


def main() -> None:
    """One state for all requests, so that what it remembers counts too."""
    state, digest = State(), hashlib.sha256()
    requests = [("POST", "/api/v1/chat/completions", {"model": m, "messages": [{"role": "user", "content": "Add 3 and 4"}], "max_tokens": 80, **e})
                for m in MODELS for e in EXTRAS]  # fmt: skip
    requests += [
        ("POST", "/api/v1/responses", {"model": m, "input": "Hi", "stream": s}) for m in MODELS for s in (True, False)
    ]
    painted = {"model": "openai/gpt-5-image-mini", "prompt": "A lighthouse", "n": 2}
    requests += [("POST", "/api/v1/images", painted | {"stream": s}) for s in (True, False)]
    requests += [
        ("GET", f"/api/v1/{path}", None) for path in ("models", "providers", "key", "credits", "endpoints/zdr")
    ]
    for faults in (None, Faults(down=["together"], break_after=2), Faults(rate_limited=["*"])):
        for method, path, body in requests:
            made = answer({"method": method, "path": path, "body": body}, state, faults)
            digest.update(json.dumps(made, ensure_ascii=False).encode())
    print(digest.hexdigest())


if __name__ == "__main__":
    main()
