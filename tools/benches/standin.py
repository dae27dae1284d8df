"""The stand-in in process: how long an answer takes, over many kinds of requests."""

from __future__ import annotations

import statistics
import time

GLM, MINI = "z-ai/glm-5.3-flash", "openai/gpt-4o-mini"
TOOL = {"type": "function", "function": {"name": "get_weather", "parameters": {
    "type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}}}  # fmt: skip
FORM = {"type": "json_schema", "json_schema": {"name": "x", "schema": {
    "type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"], "additionalProperties": False}}}  # fmt: skip
KINDS = {
    "plain": {"model": MINI},
    "streamed": {"model": MINI, "stream": True},
    "33 endpoints": {"model": GLM},
    "33 endpoints, sorted": {"model": GLM, "provider": {"sort": "price", "max_price": {"prompt": 1}}},
    "a tool": {"model": MINI, "tools": [TOOL], "tool_choice": "required"},
    "a form": {"model": MINI, "response_format": FORM},
    "a long prompt": {"model": MINI, "messages": [{"role": "user", "content": "lamp " * 20_000}]},
    "a refusal": {"model": GLM, "provider": {"only": ["openai"]}},
}
REQUESTS = 200


def main() -> None:
    """Print the median of each kind, and of all of them."""
    from openrouter_standin import State, answer

    every: list[float] = []
    for name, body in KINDS.items():
        state, times = State(), []
        whole = {"max_tokens": 100, "messages": [{"role": "user", "content": "What is the weather in Oslo?"}], **body}
        for number in range(REQUESTS):
            request = {"method": "POST", "path": "/api/v1/chat/completions", "body": {**whole, "seed": number}}
            began = time.perf_counter()
            answer(request, state)
            times.append((time.perf_counter() - began) * 1000)
            state.usage = 0.0
        every += times
        print(f"the stand-in, {name}: {statistics.median(times):.2f} ms")
    print(f"the stand-in, all kinds: {statistics.median(every):.2f} ms in the median (target: at most 3)")
    memory()


def memory() -> None:
    """What one state holds after 5,000, 10,000 and 20,000 different requests: it must not grow for ever."""
    import tracemalloc

    from openrouter_standin import State, answer

    state, found = State(limit=1e9, credits=1e9), []
    tracemalloc.start()
    for number in range(20_000):
        body = {"model": MINI, "max_tokens": 5, "messages": [{"role": "user", "content": f"Question {number}"}]}
        answer(
            {"method": "POST", "path": "/api/v1/chat/completions", "body": {**body, "session_id": str(number)}}, state
        )
        if number + 1 in (5_000, 10_000, 20_000):
            found.append(tracemalloc.get_traced_memory()[0] / 1e6)
    tracemalloc.stop()
    print("memory after 5,000, 10,000, 20,000 requests: " + ", ".join(f"{mb:.1f} MB" for mb in found))
