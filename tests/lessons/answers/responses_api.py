"""Answers to the exercises of 30-responses-api: for each checker the unedited one, wrong ones, right ones."""

from __future__ import annotations

from typing import Any

Items = list[dict[str, Any]]
GOOD = {
    "model": "openai/gpt-5-mini",
    "instructions": "Answer in Dutch.",
    "input": "What is a tide?",
    "max_output_tokens": 1000,
    "provider": {"data_collection": "deny"},
}
CHAT = {
    "model": "openai/gpt-5-mini",
    "messages": [{"role": "system", "content": "Answer in Dutch."}, {"role": "user", "content": "What is a tide?"}],
    "max_tokens": 1000,
    "provider": {"data_collection": "deny"},
}


def without(*names: str, **more: Any) -> dict[str, Any]:
    return {name: value for name, value in GOOD.items() if name not in names} | more


def unedited(talk: Items, output: Items, results: dict[str, str]) -> Items:
    return [*talk, *(item for item in output if item["type"] == "message")]


def made(results: dict[str, str]) -> Items:
    return [{"type": "function_call_output", "call_id": one, "output": text} for one, text in results.items()]


def carry_on(talk: Items, output: Items, results: dict[str, str]) -> Items:
    return [*talk, *output, *made(results)]


def in_calls_order(talk: Items, output: Items, results: dict[str, str]) -> Items:
    calls = [item for item in output if item["type"] == "function_call"]
    return talk + output + [made({c["call_id"]: results[c["call_id"]]})[0] for c in calls]


def appends(talk: Items, output: Items, results: dict[str, str]) -> Items:
    talk += output
    for call_id, text in results.items():
        talk.append({"type": "function_call_output", "call_id": call_id, "output": text})
    return talk


def as_tuple(talk: Items, output: Items, results: dict[str, str]) -> Any:
    return tuple(carry_on(talk, output, results))


class Loop:
    def __call__(self, talk: Items, output: Items, results: dict[str, str]) -> Items:
        return carry_on(talk, output, results)


def without_thoughts(talk: Items, output: Items, results: dict[str, str]) -> Items:
    return [*talk, *(item for item in output if item["type"] != "reasoning"), *made(results)]


def calls_only(talk: Items, output: Items, results: dict[str, str]) -> Items:
    return [*talk, *(item for item in output if item["type"] == "function_call"), *made(results)]


def as_tool_message(talk: Items, output: Items, results: dict[str, str]) -> Items:
    """The form of chat."""
    return [*talk, *output, *({"role": "tool", "tool_call_id": one, "content": text} for one, text in results.items())]


def no_results(talk: Items, output: Items, results: dict[str, str]) -> Items:
    return [*talk, *output]


def results_first(talk: Items, output: Items, results: dict[str, str]) -> Items:
    return [*talk, *made(results), *output]


def first_result(talk: Items, output: Items, results: dict[str, str]) -> Items:
    return [*talk, *output, *made(results)[:1]]


def by_item_id(talk: Items, output: Items, results: dict[str, str]) -> Items:
    """Ties a result to the item's id."""
    calls = [item for item in output if item["type"] == "function_call"]
    return [
        *talk,
        *output,
        *({"type": "function_call_output", "call_id": c["id"], "output": results[c["call_id"]]} for c in calls),
    ]


def only_truthy(talk: Items, output: Items, results: dict[str, str]) -> Items:
    return [*talk, *output, *made({one: text for one, text in results.items() if text})]


def forgets(talk: Items, output: Items, results: dict[str, str]) -> Items:
    return [*output, *made(results)]


CASES: dict[str, tuple[Any, list[Any], list[Any]]] = {
    "translated": (
        CHAT,
        [
            None,
            "What is a tide?",
            {},
            without("model"),
            without("input"),
            without("instructions"),
            without("max_output_tokens"),
            without("max_output_tokens", max_tokens=1000),
            without("provider"),
            without("provider", extra_body={"provider": {"data_collection": "deny"}}),
            GOOD | {"max_output_tokens": 100},
            GOOD | {"model": "openai/gpt-4o-mini"},
            GOOD | {"instructions": "Answer in English."},
            GOOD | {"input": "What is a wave?"},
            GOOD | {"provider": {"data_collection": "allow"}},
            GOOD | {"store": True},
            GOOD | {"previous_response_id": "resp_1"},
        ],
        [
            GOOD,
            GOOD | {"stream": False},
            GOOD | {"store": False},
            GOOD | {"input": [{"role": "user", "content": "What is a tide?"}]},
            GOOD | {"input": [{"role": "user", "content": [{"type": "input_text", "text": "What is a tide?"}]}]},
            without("instructions", input=CHAT["messages"]),
        ],
    ),
    "carries_on": (
        unedited,
        [None, [], list, lambda *three: None, lambda *three: [], without_thoughts, calls_only, as_tool_message, no_results, results_first, first_result, by_item_id, only_truthy, forgets, lambda t, o, r: carry_on(t, o, r)[::-1], lambda t, o, r: [*carry_on(t, o, r), *o]],
        [carry_on, in_calls_order, appends, as_tuple, Loop(), Loop().__call__, lambda t, o, r: carry_on(t, o, r)],
    ),
}  # fmt: skip
