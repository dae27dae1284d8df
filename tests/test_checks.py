"""Every checker: the unedited answer, at least three wrong answers with three different sentences, two right ones."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

import helpers
from helpers.standin.catalogue import models

GLM_RIGHT = {"max_price": {"prompt": 0.095}, "quantizations": ["fp8", "bf16", "fp16"]}
TURN = [
    {"role": "user", "content": "My order is 4711."},
    {"role": "assistant", "content": "Thank you."},
    {"role": "user", "content": "Where is it now?"},
]


def good_loop(chunks: Any) -> tuple[str, Any]:
    text, usage = "", None
    for chunk in chunks:
        usage = chunk.usage or usage
        if chunk.choices:
            text += chunk.choices[0].delta.content or ""
    return text, usage


def good_lists(chunks: Any) -> tuple[str, Any]:
    kept = list(chunks)
    text = "".join(c.choices[0].delta.content or "" for c in kept if c.choices)
    return text, next((c.usage for c in kept if c.usage), None)


def bad_unguarded(chunks: Any) -> tuple[str, Any]:
    return "".join(c.choices[0].delta.content or "" for c in chunks), None


def bad_usage(chunks: Any) -> tuple[str, Any]:
    return "".join(c.choices[0].delta.content or "" for c in chunks if c.choices), None


def bad_last_usage(chunks: Any) -> tuple[str, Any]:
    kept = list(chunks)
    return "".join(c.choices[0].delta.content or "" for c in kept if c.choices), kept[-1].usage


def bad_none(chunks: Any) -> tuple[str, Any]:
    text, usage = "", None
    for chunk in chunks:
        usage = chunk.usage or usage
        if chunk.choices:
            text += str(chunk.choices[0].delta.content)
    return text, usage


def first_only(result: Any) -> float:
    return result.raw_responses[0].raw_usage["cost"]


def silent_is_nothing(result: Any) -> float:
    return sum((r.raw_usage or {}).get("cost") or 0 for r in result.raw_responses)


def each_price_once(result: Any) -> float | None:
    costs = {(r.raw_usage or {}).get("cost") for r in result.raw_responses}
    return None if None in costs else sum(costs)


def free_is_unknown(result: Any) -> float | None:
    costs = [(r.raw_usage or {}).get("cost") for r in result.raw_responses]
    return sum(costs) if all(costs) else None


def all_or_none(result: Any) -> float | None:
    costs = [(r.raw_usage or {}).get("cost") for r in result.raw_responses]
    return None if None in costs else sum(costs)


def in_decimals(result: Any) -> Decimal | None:
    total = Decimal(0)
    for response in result.raw_responses:
        if response.raw_usage is None or "cost" not in response.raw_usage:
            return None
        total += Decimal(str(response.raw_usage["cost"]))
    return total


def made_class(**fields: Any) -> type:
    from pydantic import create_model

    return create_model("Refund", **fields)


def order_is(pattern: str) -> Any:
    from pydantic import Field

    return (str, Field(pattern=pattern))


def euros_from(low: int | None, high: int | None, kind: Any = int, default: Any = ...) -> Any:
    from pydantic import Field

    return (kind, Field(default, ge=low, le=high))


EXACT = r"^[A-Z]-\d+$"
ARRIVES = {
    "models": ["mistralai/mistral-small-2603"],
    "provider": {"sort": "price", "max_price": {"prompt": 0.16}},
}
DENY = {"order": ["together"], "data_collection": "deny"}
PAIR = {"order": ["together", "fireworks"], "allow_fallbacks": False}

# checker, unedited answer, wrong answers, right answers
CASES: dict[str, tuple[Any, list[Any], list[Any]]] = {
    "agents_sdk.careful_settings": (
        {"max_tokens": 200, "provider": {"order": ["together"]}},
        [
            {"max_tokens": 200, "provider": {"order": ["together"]}},
            {"max_tokens": 200},
            {"extra_body": {"provider": DENY}},
            {"max_tokens": 300, "extra_body": {"provider": {"order": ["together"]}}},
            {"max_tokens": 200, "extra_body": {"provider": {"only": ["together"], "data_collection": "deny"}}},
            {"max_tokens": 200, "extra_body": {"provider": {"order": ["together"]}}},
            {"max_tokens": 200, "extra_body": {"provider": {"data_collection": "deny"}}},
            {"max_tokens": 200, "extra_body": {"provider": DENY, "max_tokens": 5000}},
            {"max_tokens": 200, "extra_body": {"provider": DENY, "model": "x/y"}},
            {"max_tokens": 200, "extra_body": {"provider": DENY}, "extra_args": {"foo": 1}},
            {1: 2},
        ],
        [
            {"max_tokens": 200, "extra_body": {"provider": DENY}},
            {"max_tokens": 150, "extra_body": {"provider": DENY}},
            {"extra_body": {"provider": DENY, "max_tokens": 200}},
            {"max_tokens": 200, "temperature": 0, "extra_body": {"provider": {"order": ["together", "novita"], "data_collection": "deny", "zdr": True}}},
        ],
    ),
    "agents_sdk.run_cost": (
        first_only,
        [first_only, silent_is_nothing, each_price_once, free_is_unknown, lambda result: None, lambda result: float("nan"), lambda result: 10**400, "cost"],
        [all_or_none, in_decimals],
    ),
    "pydantic_ai.settings_arrive": (
        {"max_tokens": 1000, "extra_body": {"order": ["together", "fireworks"]}},
        [
            {"openrouter_order": ["together"]},
            {"openrouter_provider": PAIR},
            {"openrouter_provider": {"order": ["together", "fireworks"]}, "openrouter_reasoning": {"effort": "low"}},
            {"openrouter_provider": {"order": ["fireworks", "together"], "allow_fallbacks": False}},
            {"openrouter_provider": {"provider": {}}},
            {"extra_body": {"provider": PAIR, "reasoning": {"effort": "low"}}},
            {"openrouter_provider": PAIR, "openrouter_reasoning": {"effort": "low", "max_tokens": 100}},
            {"openrouter_provider": PAIR, "openrouter_reasoning": {"effort": "low", "enabled": False}},
            {("a",): 1},
        ],
        [
            {"openrouter_provider": PAIR, "openrouter_reasoning": {"effort": "low"}},
            {"openrouter_provider": {"order": ["together", "fireworks"], "only": ["together", "fireworks"]}, "openrouter_reasoning": {"effort": "low"}},
            {"openrouter_provider": PAIR, "thinking": "low"},
        ],
    ),
    "pydantic_ai.refund_class": (
        made_class(order=(str, ...), euros=(int, ...)),
        [
            made_class(order=order_is(EXACT), euros=(int, ...)),
            made_class(order=(str, ...), euros=euros_from(1, 100)),
            made_class(order=order_is(EXACT), euros=euros_from(None, 100)),
            *(made_class(order=order_is(p), euros=euros_from(1, 100)) for p in (r"[A-Z]-\d+", r"^[A-Z]-\d+", r"^[A-Za-z]-\d+$", r"^[A-Z]+-\d+$", r"^[A-Z]-\d*$", "^[A-Z]-.+$", "^B")),
            made_class(order=order_is(EXACT), amount=euros_from(1, 100)),
            made_class(order=order_is(EXACT), euros=euros_from(1, 100, float)),
            made_class(order=order_is(EXACT), euros=euros_from(1, 100, int | None)),
            made_class(order=order_is(EXACT), euros=euros_from(1, 100, default=5)),
            made_class(order=("Ordr", ...), euros=euros_from(1, 100)),
            {"order": "A-17"},
        ],
        [
            made_class(order=order_is(EXACT), euros=euros_from(1, 100)),
            made_class(order=order_is("^[A-Z]-[0-9]{1,9}$"), euros=euros_from(1, 100)),
        ],
    ),
    "langchain.request_arrives": (
        {"max_tokens": 1000, "model_kwargs": {"provider": {"sort": "price"}}},
        [
            {"extra_body": ARRIVES},
            {"max_tokens": 1000, "provider": {"sort": "price"}},
            {"max_tokens": 1000, "extra_body": ARRIVES, "temprature": 0.2},
            {"max_tokens": 1000, "extra_body": {"provider": {"sort": "price"}}},
            {"max_tokens": 1000, "extra_body": {"provider": {"max_price": {"prompt": 0.1}}}},
            {"max_tokens": 1000, "extra_body": {"provider": ARRIVES["provider"]}},
            {"max_tokens": 1000, "extra_body": {**ARRIVES, "provider": {"sort": "price", "max_price": {"prompt": 0.1}}}},
            {"max_tokens": 1000, "extra_body": {**ARRIVES, "max_tokens": 9000}},
            {"max_tokens": 1000, "extra_body": ARRIVES, "reasoning": {"effort": "low"}},
            {1: 2},
        ],
        [
            {"max_tokens": 1000, "extra_body": ARRIVES},
            {"max_completion_tokens": 1000, "extra_body": ARRIVES},
            {"max_tokens": 1000, "temperature": 0, "extra_body": {**ARRIVES, "session_id": "x"}},
            {"max_tokens": 1000, "extra_body": {**ARRIVES, "models": ["z-ai/glm-5.3-flash", *ARRIVES["models"]]}},
        ],
    ),
    "langchain.says_finished": (
        lambda metadata: metadata["finish_reason"] == "stop",
        [
            lambda metadata: metadata["finish_reason"] == "stop",
            lambda metadata: "stop" in metadata["finish_reason"],
            lambda metadata: metadata.get("finish_reason") not in (None, "length", "lengthlength", "error"),
            lambda metadata: True,
            "finished",
        ],
        [
            lambda metadata: metadata.get("finish_reason") in ("stop", "stopstop"),
            lambda metadata: (metadata.get("finish_reason") or "").replace("stop", "") == "" and bool(metadata.get("finish_reason")),
        ],
    ),
    "start_here.nightly_cost": (None, ["0.173", True, 0.00000173, 17.3, 0.5, 0.01], [0.173, 0.1730000001, 0.175]),
    "start_here.workshop_key": (
        {"name": "workshop seat", "limit": 15, "limit_reset": None},
        [{"name": "s"}, {"name": "s", "limit": 0.5, "limit_reset": None}, {"name": "s", "limit": 0.5, "limit_reset": "daily"}, {"name": "s", "limit": 0.5, "limit_reset": "hourly"},
         {"limit": 0.5, "limit_reset": "weekly"}, {"name": "s", "limit": 0, "limit_reset": "weekly"}, 0.5, {"name": "s", "limit": 0.4, "limit_reset": "monthly"}],
        [{"name": "s", "limit": 0.5, "limit_reset": "weekly"}, {"name": "s", "limit": 0.07, "limit_reset": "daily"}],
    ),
    "client_setup.ten_seconds": (
        {"timeout": 600, "max_retries": 2},
        [{"timeout": 5}, {"timeout": 9, "max_retries": 0}, {"timeout": None, "max_retries": 1}, {"timeout": 0.2, "max_retries": 1}, {"timeout": 3, "max_retries": 1.5}, {"timeout": 5, "max_retries": 1}],
        [{"timeout": 4.5, "max_retries": 1}, {"timeout": 2, "max_retries": 2}],
    ),
    "client_setup.remembers": (
        [{"role": "user", "content": "Where is it now?"}],
        ["4711", [], [{"role": "user", "content": "My order is 4711. Where is it now?"}], [TURN[0], TURN[2]], [*TURN, {"role": "assistant", "content": "Where is it?"}], [TURN[1], TURN[0], TURN[2]], [*TURN, TURN[0]]],
        [TURN, [{"role": "system", "content": "You help."}, *TURN]],
    ),
    "model_ids.reads_invoices": (
        "openai/gpt-4o-mini",
        ["no/such", "google/gemma-4-31b-it:free", "openrouter/auto", "deepseek/deepseek-v4-flash", "openai/gpt-5.6-sol", "openai/gpt-5-nano:batch", None],
        ["google/gemini-2.5-flash-lite", "openai/gpt-5-nano"],
    ),
    "model_ids.newest_and_pinned": (
        {"chat": "anthropic/claude-sonnet-4", "audit": "anthropic/claude-sonnet-4"},
        ["x", {"chat": "~anthropic/claude-sonnet-latest", "audit": "~anthropic/claude-sonnet-latest"}, {"chat": "~anthropic/claude-sonnet-latest", "audit": "anthropic/claude-sonnet-4.5"},
         {"chat": "~openai/gpt-latest", "audit": "anthropic/claude-4-sonnet-20250522"}, {"chat": "nope", "audit": "nope"}],
        [{"chat": "~anthropic/claude-sonnet-latest", "audit": "anthropic/claude-4.5-sonnet-20250929"}, {"chat": "~anthropic/claude-sonnet-latest", "audit": "anthropic/claude-4-sonnet-20250522"}],
    ),
    "routing_options.cheap_but_precise": (
        {},
        [{"max_price": {"prompt": 0.095}}, {"max_price": {"prompt": 0.095}, "ignore": ["deepinfra", "open-inference"]}, {"max_price": {"prompt": 0.001}}, {"max_prize": 1}, "cheap", {"provider": {}},
         {"max_price": "0.095"}, {"quantizations": ["fp8"], "sort": "price"}],
        [GLM_RIGHT, {"max_price": {"prompt": "0.095", "completion": 1}, "quantizations": ["fp8"]}, {"only": ["novita", "streamlake"]}],
    ),
    "routing_options.keep_private": (
        {"sort": "price"},
        [{}, {"data_collection": "deny"}, {"zdr": True}, {"data_collection": "allow", "zdr": True}, {"zdr": False}, {"data_collection": "deny", "zdr": True, "only": ["azure"]}, {"data_collection": "no"}],
        [{"data_collection": "deny", "zdr": True}, {"zdr": True, "sort": "price", "data_collection": "deny"}],
    ),
    "routing_options.outlive": (
        {"order": ["together"], "allow_fallbacks": False},
        [{"sort": "price"}, {"order": ["together"]}, {"only": ["together"]}, {"order": ["togther"], "max_price": {"prompt": 0.2}}, {"order": ["together"], "max_price": {"prompt": 0.01}}],
        [{"order": ["together"], "max_price": {"prompt": 0.20}}, {"order": ["Together"], "ignore": ["cloudflare", "inceptron", "fireworks"]}],
    ),
    "streaming.survives": (None, ["text", bad_unguarded, bad_usage, bad_last_usage, bad_none, lambda chunks: "One two"], [good_loop, good_lists]),
    "streaming.first_token": (
        {"only": ["z-ai"]},
        [{}, {"sort": "throughput"}, {"sort": "latency"}, {"only": ["azure"]}, {"sort": "price", "max_price": {"prompt": 0.2}}, {"sort": "quick"}],
        [{"sort": "latency", "max_price": {"prompt": 0.2}}, {"order": ["modal", "together"], "allow_fallbacks": False}],
    ),
    "tracing.slow_span": ("answer a letter", ["ChatCompletion", "sort", "draught", "check", None], ["draft", " Draft "]),
    "tracing.words_hidden": (
        {"hide_inputs": True},
        [{}, {"hide_outputs": True}, "hide", {"hide_everything": True}, {"hide_input_text": True}],
        [{"hide_inputs": True, "hide_outputs": True}, {"hide_inputs": True, "hide_outputs": True, "hide_llm_invocation_parameters": True}],
    ),
}  # fmt: skip


@pytest.fixture
def verdict() -> Callable[[str, Any], Any]:
    """`verdict("lesson.checker", answer)`."""
    helpers.start("99-test")
    catalogue = {m["id"]: SimpleNamespace(**m) for m in models()}
    response = SimpleNamespace(usage=SimpleNamespace(cost=0.00000173))
    more = {
        "nightly_cost": (response,),
        "reads_invoices": (catalogue,),
        "newest_and_pinned": (catalogue,),
        "slow_span": (letter_spans(),),
    }

    def judge(name: str, answer: Any) -> Any:
        lesson, checker = name.split(".")
        return getattr(getattr(helpers.check, lesson), checker)(answer, *more.get(checker, ()))

    return judge


def letter_spans() -> list[Any]:
    """Finished spans of a small program, with wall times that the recorded clock reads as 0, 400, 5,000 and 5,600 ms."""
    from helpers.session import current

    log = current().log
    walls = []
    for ms in (0, 400, 5000, 5600):
        entry = log.sent({}, "recorded")
        log.end(entry, ms - entry.start_ms)
        walls.append(__import__("time").time_ns())

    def span(name: str, number: int, parent: int | None, begin: int, end: int) -> Any:
        above = None if parent is None else SimpleNamespace(span_id=parent)
        return SimpleNamespace(
            name=name,
            context=SimpleNamespace(span_id=number),
            parent=above,
            start_time=walls[begin],
            end_time=walls[end],
        )

    steps = [span("sort", 2, 1, 0, 1), span("draft", 3, 1, 1, 2), span("check", 4, 1, 2, 3)]
    return [*steps, span("ChatCompletion", 5, 3, 1, 2), span("answer a letter", 1, None, 0, 3)]


def needs_its_framework(checker: str) -> None:
    """The frameworks are not in the matrix."""
    modules = {"agents_sdk": "agents", "pydantic_ai": "pydantic_ai", "langchain": "langchain_openai"}
    lesson = checker.partition(".")[0]
    if lesson in modules:
        pytest.importorskip(modules[lesson])


@pytest.mark.parametrize("name", CASES)
def test_checker(name: str, verdict: Callable[[str, Any], Any]) -> None:
    needs_its_framework(name)
    unedited, wrong, rights = CASES[name]
    sentences = {repr(verdict(name, answer)) for answer in wrong}
    assert len(wrong) >= 3
    assert len(sentences) >= min(3, len(wrong)), sentences
    for answer in [unedited, *wrong]:
        judged = verdict(name, answer)
        assert not judged, (answer, judged)
        assert repr(judged).startswith("Not yet: ")
        assert repr(judged).rstrip().endswith((".", "?"))
        assert "\n" not in repr(judged)
    for answer in rights:
        judged = verdict(name, answer)
        assert judged, (answer, judged)
        assert repr(judged).startswith("Right: ")


def test_every_checker_that_a_lesson_calls_is_tested_here() -> None:
    import json
    import re
    from pathlib import Path

    called = set()
    for path in Path(__file__).parent.parent.joinpath("notebooks").glob("*.ipynb"):
        called |= set(
            re.findall(
                r"helpers\.check\.(\w+\.\w+)\(",
                "".join("".join(c["source"]) for c in json.loads(path.read_text("utf-8"))["cells"]),
            )
        )
    assert called == set(CASES)


class Unlookable:
    """An answer that raises whenever somebody looks at it."""

    def __getattr__(self, name: str) -> Any:
        raise RuntimeError(name)

    def __repr__(self) -> str:
        raise RuntimeError("repr")

    def __bool__(self) -> bool:
        raise RuntimeError("bool")


def leaves(*_: Any, **__: Any) -> Any:
    raise SystemExit(1)


async def waits(*_: Any) -> None:
    pass


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize(
    "answer",
    [None, 1, "x", [], {}, {1: 2}, {None: 1}, Unlookable(), lambda *_: Unlookable(), leaves, waits, type, print],
    ids=lambda answer: type(answer).__name__,
)
def test_no_answer_makes_a_checker_fail(name: str, answer: Any, verdict: Callable[[str, Any], Any]) -> None:
    needs_its_framework(name)
    judged = verdict(name, answer)
    assert not judged
    assert repr(judged).startswith("Not yet: ")


def test_a_lesson_that_is_not_started_is_not_the_answer_s_fault() -> None:
    helpers.stop()
    with pytest.raises(RuntimeError, match=r"helpers\.start"):
        helpers.check.tracing.slow_span("draft", [])
